import { z } from "zod";

import { burstAction, type CommonAction, commonActions } from "../kit/actions.ts";

const milliseconds = z.int().nonnegative().max(600_000);
const fields = z.record(z.string(), z.unknown()).optional();

/** How the service behaves where it can. What is not named stays as it is. */
export const knobShape = {
  /** How long the welcome is late. Default 0. */
  welcomeDelayMs: milliseconds.optional(),
  /** How often it gives a sign of life; null for never. Default: as the client asks. */
  keepaliveMs: milliseconds.min(1).nullable().optional(),
  /** Within which time something has to be subscribed, or it is 4003. Default 10,000. */
  unusedMs: milliseconds.optional(),
  /** How long one that was told to go may stay: then it is 4004. Default 30,000. */
  graceMs: milliseconds.optional(),
  /** Sockets with subscriptions at a time; null for any number, which is the default. */
  mostSockets: z.int().positive().nullable().optional(),
  /** The subscriptions of a socket that is gone stay enabled, and are in the way. */
  leavesOrphans: z.boolean().optional(),
  /** Whether the answer to what is there already says its id. Default true. */
  namesExisting: z.boolean().optional(),
  /** While a socket hands over, what happens is told on both. */
  tellsBoth: z.boolean().optional(),
  /** What subscriptions cost that name nobody who gave leave, and how much there is. */
  cost: z.strictObject({ each: z.int().nonnegative(), max: z.int().nonnegative() }).optional(),
  /** How long a request over HTTP is left without its answer, though done. Default 0. */
  answerDelayMs: milliseconds.optional(),
  /** The app that tokens are of. Default: whichever asks. */
  clientId: z.string().nullable().optional(),
  scopes: z.array(z.string()).optional(),
  /** What messages are dropped for. */
  drop: z.string().nullable().optional(),
} as const;

const Knobs = z.strictObject(knobShape);
export type EventSubKnobs = z.infer<typeof Knobs>;

const author = z.string().optional();

export const EventSubAction = z.discriminatedUnion("action", [
  ...commonActions,
  burstAction(z.enum(["channel.chat.message"])),
  z.strictObject({
    action: z.literal("message"),
    text: z.string().optional(),
    author,
    id: z.string().optional(),
    /** `/me`. */
    isAction: z.boolean().optional(),
    /** Laid over the event. */
    event: fields,
  }),
  z.strictObject({
    action: z.literal("notice"),
    kind: z.string(),
    /** The fields of its kind. */
    own: fields,
    text: z.string().optional(),
    system: z.string().optional(),
    author,
    id: z.string().optional(),
  }),
  /** Several gifts at once, and each of them. */
  z.strictObject({
    action: z.literal("bomb"),
    count: z.int().positive().max(100),
    author,
    isAnonymous: z.boolean().optional(),
  }),
  /** Anything of any type: somebody's, at the channel, with these fields. */
  z.strictObject({ action: z.literal("event"), type: z.string(), author, event: fields }),
  z.strictObject({
    action: z.literal("reconnect"),
    /** Names no address, or one that will not be good. */
    address: z.enum(["good", "bad", "none"]).optional(),
  }),
  z.strictObject({ action: z.literal("revoke"), type: z.string(), status: z.string() }),
  z.strictObject({
    action: z.literal("refuseType"),
    type: z.string(),
    status: z.int().min(400).max(599),
    message: z.string().optional(),
    times: z.int().positive().optional(),
  }),
  z.strictObject({ action: z.literal("allowType"), type: z.string() }),
  z.strictObject({
    action: z.literal("refuseRequest"),
    path: z.string(),
    status: z.int().min(400).max(599),
    times: z.int().positive().optional(),
  }),
  z.strictObject({ action: z.literal("grantRefresh"), value: z.string().optional() }),
  z.strictObject({ action: z.literal("knobs"), ...knobShape }),
]);
export type EventSubAction = z.infer<typeof EventSubAction>;
export type EventSubOwnAction = Exclude<EventSubAction, CommonAction>;
export type ActionNamed<Name extends EventSubAction["action"]> = Extract<
  EventSubAction,
  { action: Name }
>;
