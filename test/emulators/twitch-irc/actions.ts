import { z } from "zod";

import { burstAction, type CommonAction, commonActions } from "../kit/actions.ts";

const milliseconds = z.int().nonnegative().max(600_000);
const tags = z.record(z.string(), z.string()).optional();

/** How the service behaves where it can. What is not named stays as it is. */
export const knobShape = {
  /** Default 240,000. */
  pingMs: milliseconds.min(1).optional(),
  /** How long a JOIN is left without an answer. Default 0. */
  joinDelayMs: milliseconds.optional(),
  /** The most JOINs within 10 s, over all sockets: one more is not answered. Default: any number. */
  mostJoins: z.int().positive().nullable().optional(),
  /** A line a frame, all that is said together in one frame, or each line in two halves. */
  framing: z.enum(["line", "halves"]).optional(),
  /** Answers a CAP with NAK. */
  refusesTags: z.boolean().optional(),
  /** How long a request over HTTP is left without its answer, though done. Default 0. */
  answerDelayMs: milliseconds.optional(),
  /** The app that tokens are of. Default: whichever asks. */
  clientId: z.string().nullable().optional(),
  scopes: z.array(z.string()).optional(),
  /** What messages are dropped for. */
  drop: z.string().nullable().optional(),
  /** What the owner of an account does on the page where a device's code is typed. */
  consent: z.enum(["allow", "deny"]).optional(),
  deviceLifeSeconds: z.int().positive().max(86_400).optional(),
  deviceIntervalSeconds: z.int().positive().max(3_600).optional(),
  /** So many askings of devices are told to slow down. */
  slowDowns: z.int().nonnegative().optional(),
  /** What becomes of the tokens that a device is given: they are given once, whatever arrives. */
  deviceAnswer: z.enum(["right", "lost", "garbage", "broken"]).optional(),
} as const;

const Knobs = z.strictObject(knobShape);
export type TwitchKnobs = z.infer<typeof Knobs>;

const author = z.string().optional();
const room = z.string().optional();

export const messageShape = {
  text: z.string().optional(),
  author,
  room,
  id: z.string().optional(),
  /** `/me`. */
  isAction: z.boolean().optional(),
  tags,
} as const;

export const noticeShape = {
  kind: z.string(),
  /** Without their `msg-param-`. */
  params: tags,
  text: z.string().optional(),
  system: z.string().optional(),
  author,
  room,
  id: z.string().optional(),
  tags,
} as const;

export const TwitchAction = z.discriminatedUnion("action", [
  ...commonActions,
  burstAction(z.enum(["PRIVMSG"])),
  z.strictObject({ action: z.literal("message"), ...messageShape }),
  z.strictObject({ action: z.literal("notice"), ...noticeShape }),
  z.strictObject({
    action: z.literal("bomb"),
    count: z.int().positive().max(100),
    author,
    room,
    isAnonymous: z.boolean().optional(),
    /** How the purchase is named: by a number of its own, or as it was before 2023. */
    naming: z.enum(["community-gift-id", "origin-id"]).optional(),
  }),
  z.strictObject({
    action: z.literal("clear"),
    /** Whose lines; without, everybody's. */
    login: z.string().optional(),
    /** For how long; without, for good. */
    seconds: z.int().positive().optional(),
    room,
  }),
  z.strictObject({
    action: z.literal("delete"),
    id: z.string(),
    login: z.string().optional(),
    text: z.string().optional(),
    room,
  }),
  z.strictObject({ action: z.literal("roomState"), room, tags: z.record(z.string(), z.string()) }),
  /** The sockets that are told to go do so after `leaveMs`, or stay. */
  z.strictObject({ action: z.literal("reconnect"), leaveMs: milliseconds.optional() }),
  z.strictObject({
    action: z.literal("refuseRoom"),
    room: z.string(),
    how: z.enum(["silent", "suspended", "banned"]),
  }),
  z.strictObject({ action: z.literal("allowRoom"), room: z.string() }),
  z.strictObject({
    action: z.literal("refuseRequest"),
    path: z.string(),
    status: z.int().min(400).max(599),
    times: z.int().positive().optional(),
  }),
  z.strictObject({ action: z.literal("grantRefresh"), value: z.string().optional() }),
  z.strictObject({ action: z.literal("knobs"), ...knobShape }),
]);
export type TwitchAction = z.infer<typeof TwitchAction>;
export type TwitchOwnAction = Exclude<TwitchAction, CommonAction>;
export type ActionNamed<Name extends TwitchAction["action"]> = Extract<
  TwitchAction,
  { action: Name }
>;
