import { z } from "zod";

import { generations } from "./topics.ts";

export const milliseconds = z.int().nonnegative().max(600_000);
const someTime = milliseconds.min(1);

/** How the service behaves where its generations differ, or where no document says. What is not named stays as it is. */
export const knobShape = {
  /**
   * "head", the default, has a welcome, `oauth2`, `data.room` in its answers and new names of
   * errors; "document" is how it was before. Welcomes follow it for sockets dialled from then on.
   */
  generation: z.enum(generations).optional(),
  /** The old document's table has it in capitals, its examples do not. */
  responseType: z.enum(["response", "RESPONSE"]).optional(),
  /** "string" is what was seen in 2023: the message alone, where there is an object now. */
  responseData: z.enum(["object", "string"]).optional(),
  /** Default true: whether messages name their room, as some examples do and some do not. */
  messageRooms: z.boolean().optional(),
  /** What a subscription without a room means: one page says the token's channel, another "global". */
  missingRoom: z.enum(["channel", "global"]).optional(),
  /** The good names of token types; null, the default, stands for those of the generation. */
  tokenTypes: z.array(z.string()).nullable().optional(),
  /** "missing": never answered. "held": answered when `answer` says so. What was asked for is done even so. */
  answers: z.enum(["sent", "missing", "held"]).optional(),
  answerDelayMs: milliseconds.optional(),
  /** Default 30,000. */
  pingMs: someTime.optional(),
  /** How long a socket may go without a pong. Default 70,000. */
  pongTimeoutMs: someTime.optional(),
  /** How many commands a socket may send within `commandWindowMs`: by default 100 within 10,000. */
  commandBurst: z.int().positive().optional(),
  commandWindowMs: someTime.optional(),
  /** Whether a command beyond the pace is refused, or done and only noted. */
  pacing: z.enum(["refused", "noted"]).optional(),
  /** How many subscriptions a socket may hold; null, the default, is any number. */
  mostSubscriptions: z.int().positive().nullable().optional(),
  /** The connection rate, which no document puts a number to; null, the default, is any. */
  connectionRate: z
    .strictObject({ dials: z.int().positive(), withinMs: someTime })
    .nullable()
    .optional(),
  /** Answers every dial with 502. */
  draining: z.boolean().optional(),
  /** What `expireToken` does to a socket. "silent" leaves it open, without its subscriptions. */
  expiry: z.enum(["error-close", "close", "error", "silent"]).optional(),
  /** With what a bad reconnect token is closed; no document says. Default 1008. */
  badTokenCode: z
    .int()
    .min(3000)
    .max(4999)
    .or(z.literal([1000, 1008, 1011]))
    .optional(),
} as const;

const Shape = z.strictObject(knobShape);
export type AstroKnobs = z.infer<typeof Shape>;

export type Knobs = {
  -readonly [Name in keyof AstroKnobs]-?: Exclude<AstroKnobs[Name], undefined>;
};

/** The service as it is now, with the numbers that its own pages give. */
export function usualKnobs(): Knobs {
  return {
    generation: "head",
    responseType: "response",
    responseData: "object",
    messageRooms: true,
    missingRoom: "channel",
    tokenTypes: null,
    answers: "sent",
    answerDelayMs: 0,
    pingMs: 30_000,
    pongTimeoutMs: 70_000,
    commandBurst: 100,
    commandWindowMs: 10_000,
    pacing: "refused",
    mostSubscriptions: null,
    connectionRate: null,
    draining: false,
    expiry: "error-close",
    badTokenCode: 1008,
  };
}
