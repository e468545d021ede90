import { z } from "zod";

import { burstAction, type CommonAction, commonActions } from "../kit/actions.ts";
import { networkNames } from "./networks.ts";
import { chatLevels } from "./users.ts";

const milliseconds = z.int().nonnegative().max(600_000);
const accountId = z.int().positive();
const json = z.record(z.string(), z.unknown());

export const messageTypes = ["text", "emote"] as const;

/** How the service behaves where real ones differ, or where no document says. What is not named stays as it is. */
export const knobShape = {
  /** How long nothing must have come before it pings. Default 30,000. */
  pingAfterMs: milliseconds.min(1).optional(),
  /** Default "current". The document's own time knew no `timestamp` and no `picture`, and put neither `stream_id` nor what the sender had said of accounts into messages of the internal room. */
  generation: z.enum(["document", "current"]).optional(),
  /** Whether a status comes with every change, as the document has it and by default, or at the start and the end only, as the current code has it. */
  statusPushes: z.enum(["changes", "start-and-end"]).optional(),
  writer: z.enum(["granted", "never"]).optional(),
  writerDelayMs: milliseconds.optional(),
  /** Who hears of a writer: by default the sockets of the user who asked, as in the current code; the document says everybody. */
  writerAudience: z.enum(["asker", "everybody"]).optional(),
  /** Default false: a status calls an account that is not the stream's own unready even when it has a writer. */
  readyOnceGranted: z.boolean().optional(),
  /** Default true, as the document has it; the current code leaves a `viewcount` unanswered. */
  answersViewcount: z.boolean().optional(),
  /** Whether what a client sent comes back as a message. */
  echo: z.enum(["said", "never"]).optional(),
  echoDelayMs: milliseconds.optional(),
} as const;

const Knobs = z.strictObject(knobShape);
export type MultistreamerKnobs = z.infer<typeof Knobs>;

const namedNetwork = z.strictObject({ name: z.string().min(1), displayName: z.string() });

export const MultistreamerAction = z.discriminatedUnion("action", [
  ...commonActions,
  burstAction(z.enum(messageTypes)),
  z.strictObject({
    action: z.literal("chat"),
    /** Default "text". */
    type: z.enum(messageTypes).optional(),
    /** Whose chat it is; default the stream's first account, and 0 is the internal room. */
    accountId: z.int().nonnegative().optional(),
    text: z.string().optional(),
    /** The name of who wrote it. */
    author: z.string().optional(),
    /** Laid over who wrote it; null leaves a field out. */
    from: z
      .strictObject({
        id: z.union([z.number(), z.string()]).nullable().optional(),
        name: z.string().optional(),
        picture: z.string().nullable().optional(),
      })
      .optional(),
    /** Makes it private: the name of a user, or of somebody in the internal room. */
    to: z.string().optional(),
    /** Null leaves it out. */
    markdown: z.string().nullable().optional(),
    timestamp: z.number().nullable().optional(),
    /** Laid over the whole frame. */
    override: json.optional(),
  }),
  z.strictObject({
    action: z.literal("viewcount"),
    accountId: accountId.optional(),
    count: z.int().nonnegative().optional(),
  }),
  z.strictObject({
    action: z.literal("account"),
    id: accountId,
    network: z.union([z.enum(networkNames), namedNetwork]).optional(),
    name: z.string().optional(),
    /** Default "user": one that its user can write from. "stream": the stream goes out there. */
    of: z.enum(["stream", "user"]).optional(),
    live: z.boolean().optional(),
    writable: z.boolean().optional(),
    ready: z.boolean().optional(),
    httpUrl: z.string().optional(),
  }),
  z.strictObject({ action: z.literal("removeAccount"), id: accountId }),
  z.strictObject({
    action: z.literal("live"),
    pulling: z.boolean().optional(),
    incoming: z.boolean().optional(),
  }),
  z.strictObject({ action: z.literal("end") }),
  z.strictObject({ action: z.literal("status") }),
  z.strictObject({
    action: z.literal("flap"),
    /** Default 5: how often it ends and goes live again. */
    times: z.int().positive().max(10_000).optional(),
    /** Default 0. */
    everyMs: milliseconds.optional(),
  }),
  z.strictObject({
    action: z.literal("user"),
    /** Whoever shows this token; without one, the owner of the stream. */
    token: z.string().min(1).optional(),
    id: z.int().positive().optional(),
    name: z.string().min(1).optional(),
    chatLevel: z.literal([...chatLevels]).optional(),
  }),
  z.strictObject({
    action: z.literal("writer"),
    accountId,
    target: accountId,
  }),
  z.strictObject({ action: z.literal("dropWriters") }),
  z.strictObject({
    action: z.literal("cutOnMessage"),
    /** Before: as if it had been lost on the way. After: it was taken in, and what follows from it does. */
    when: z.enum(["before-receipt", "after-receipt"]),
    /** Default 1. */
    times: z.int().positive().optional(),
  }),
  z.strictObject({
    action: z.literal("frames"),
    /** As they are, in order: objects, or texts that stand for themselves. */
    frames: z.array(z.union([json, z.string()])).min(1),
    everyMs: milliseconds.optional(),
  }),
  z.strictObject({ action: z.literal("knobs"), ...knobShape }),
]);
export type MultistreamerAction = z.infer<typeof MultistreamerAction>;
export type MultistreamerOwnAction = Exclude<MultistreamerAction, CommonAction>;
export type ActionOf<Name extends MultistreamerAction["action"]> = Extract<
  MultistreamerAction,
  { action: Name }
>;

export type Knobs = {
  -readonly [Name in keyof MultistreamerKnobs]-?: Exclude<MultistreamerKnobs[Name], undefined>;
};

/** What the service's own code waits. */
const usualPingAfterMs = 30_000;

export function usualKnobs(): Knobs {
  return {
    pingAfterMs: usualPingAfterMs,
    generation: "current",
    statusPushes: "changes",
    writer: "granted",
    writerDelayMs: 0,
    writerAudience: "asker",
    readyOnceGranted: false,
    answersViewcount: true,
    echo: "said",
    echoDelayMs: 0,
  };
}
