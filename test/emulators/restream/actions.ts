import { z } from "zod";

import { burstAction, type CommonAction, commonActions } from "../kit/actions.ts";
import { platformNames } from "./platforms.ts";

const milliseconds = z.int().positive().max(600_000);
const json = z.record(z.string(), z.unknown());

const status = z.enum(["connecting", "connected", "error"]);

/** How the service behaves where real ones differ, or where no document says. What is not named stays as it is. */
export const knobShape = {
  /** Default 45,000. */
  heartbeatMs: milliseconds.optional(),
  /** How a bad token is answered: at the upgrade, or with a close right after it. */
  authStyle: z.enum(["http401", "close1008", "close4001"]).optional(),
  /** The only client that may have tokens; null, the default, is anyone. */
  client: z.strictObject({ id: z.string(), secret: z.string() }).nullable().optional(),
  expiresInSeconds: z.int().positive().optional(),
  /** Default true: the fields that are seen on the wire and in no document. */
  extras: z.boolean().optional(),
  /** The owner of the account, on the page that asks for consent. */
  consent: z.enum(["allow", "deny", "again", "invalid"]).optional(),
  codeLifeMs: z.int().nonnegative().max(600_000).optional(),
  /** "bare": without a refresh token. */
  tokenAnswer: z.enum(["usual", "garbage", "bare", "broken"]).optional(),
  tokenDelayMs: z.int().nonnegative().max(600_000).optional(),
} as const;

const Knobs = z.strictObject(knobShape);
export type RestreamKnobs = z.infer<typeof Knobs>;

export const replaceOrders = ["new-first", "old-first", "never-closes", "no-successor"] as const;

/** One step of a reply or a relay, for one connection or for all it goes to. */
const replyStep = { replyUuid: z.string().optional(), identifier: z.string().optional() };
const relayStep = {
  sourceEventIdentifier: z.string().optional(),
  identifier: z.string().optional(),
};
const reason = z.string();

export const RestreamAction = z.discriminatedUnion("action", [
  ...commonActions,
  burstAction(z.int().nonnegative()),
  z.strictObject({
    action: z.literal("connect"),
    platform: z.enum(platformNames),
    identifier: z.string().optional(),
    channel: z.string().optional(),
    status: status.optional(),
    reason: reason.nullable().optional(),
    target: json.optional(),
  }),
  z.strictObject({
    action: z.literal("announce"),
    identifier: z.string(),
    repeats: z.int().positive().optional(),
  }),
  z.strictObject({
    action: z.literal("replace"),
    identifier: z.string(),
    order: z.enum(replaceOrders).optional(),
  }),
  z
    .strictObject({
      action: z.literal("closeConnection"),
      identifier: z.string().optional(),
      /** "unknown" stands for a uuid that nobody has ever heard of. */
      uuid: z.string().optional(),
      reason,
    })
    .refine(
      ({ identifier, uuid }) => (identifier === undefined) !== (uuid === undefined),
      "name the connection by identifier or by uuid",
    ),
  z.strictObject({ action: z.literal("replaceAllSilently") }),
  z.strictObject({
    action: z.literal("status"),
    identifier: z.string(),
    status,
    reason: reason.nullable().optional(),
  }),
  z.strictObject({
    action: z.literal("event"),
    eventTypeId: z.int(),
    /** Without it, a connection of the type's platform, which is made if there is none. */
    identifier: z.string().optional(),
    eventIdentifier: z.string().optional(),
    text: z.string().optional(),
    /** The name of who wrote it. */
    author: z.string().optional(),
    /** Laid over the payload of the event itself. */
    payload: json.optional(),
    /** Laid over what stands around it: identifiers, source, user. */
    override: json.optional(),
  }),
  z.strictObject({
    action: z.literal("reply"),
    text: z.string().optional(),
    /** Default: created, accepted, confirmed. */
    order: z.array(z.enum(["created", "accepted", "confirmed", "failed"])).optional(),
  }),
  z.strictObject({
    action: z.literal("replyCreated"),
    text: z.string().optional(),
    /** Without it, to all connections. */
    identifiers: z.array(z.string()).optional(),
    replyUuid: z.string().optional(),
    /** Null leaves it out, as the service's own page does. */
    clientReplyUuid: z.string().nullable().optional(),
  }),
  z.strictObject({ action: z.literal("replyAccepted"), ...replyStep }),
  z.strictObject({ action: z.literal("replyConfirmed"), ...replyStep }),
  z.strictObject({ action: z.literal("replyFailed"), ...replyStep, reason: reason.optional() }),
  z.strictObject({ action: z.literal("relayAccepted"), ...relayStep }),
  z.strictObject({ action: z.literal("relayConfirmed"), ...relayStep }),
  z.strictObject({ action: z.literal("relayFailed"), ...relayStep, reason: reason.optional() }),
  z.strictObject({
    action: z.literal("unknownAction"),
    name: z.string().optional(),
    payload: z.unknown().optional(),
  }),
  z.strictObject({ action: z.literal("grantRefresh"), value: z.string().optional() }),
  z.strictObject({ action: z.literal("knobs"), ...knobShape }),
]);
export type RestreamAction = z.infer<typeof RestreamAction>;
export type RestreamOwnAction = Exclude<RestreamAction, CommonAction>;
