import { z } from "zod";

import { warningNames } from "./wire.ts";

const milliseconds = z.int().nonnegative().max(600_000);
const reason = z.string().nullable().optional();

/** How the service and the Twitch behind it behave. What is not named stays as it is. */
export const knobShape = {
  /** Default 20: how long the checks that ask Twitch take. */
  okDelayMs: milliseconds.optional(),
  /** Default 60,000. A socket without a pong since the last one is ended at the next. */
  pingIntervalMs: milliseconds.min(1).optional(),
  /** Default 100: what comes sooner ends the connection. 0 forgives it. */
  spamMs: milliseconds.optional(),
  /** Default 1,000: what comes sooner is ignored with a warning. */
  paceMs: milliseconds.optional(),
  /** Answers every message with this warning, whatever it is. */
  warnAlways: z.enum(warningNames).nullable().optional(),
  /** What every transfer to Twitch fails with. */
  transferError: reason,
  /** Whether the channel of every socket is forgotten. */
  channelLost: z.boolean().optional(),
  /** What a viewer who shared no name is called: null, or what the service's document says. */
  nameless: z.literal("Anonymous").nullable().optional(),
  /** Client ids. */
  blacklist: z.array(z.string()).optional(),
  /** Tokens with no user behind them. */
  appTokens: z.array(z.string()).optional(),
  /** What these checks of a dial fail with, whoever dials. */
  clientIdError: reason,
  tokenError: reason,
  userError: reason,
  configurationError: reason,
  /** What viewers' tokens are signed with, in base64; null, the default, takes any signature. */
  viewerSecret: z.base64().nullable().optional(),
} as const;

const Knobs = z.strictObject(knobShape);
export type InteractiveSyncKnobs = z.infer<typeof Knobs>;

/** As they stand now: every one has a value. */
export type KnobsSet = {
  -readonly [Name in keyof InteractiveSyncKnobs]-?: Exclude<InteractiveSyncKnobs[Name], undefined>;
};

export function usualKnobs(): KnobsSet {
  return {
    // As long as the real service took with a Twitch that answers at once.
    okDelayMs: 20,
    pingIntervalMs: 60_000,
    spamMs: 100,
    paceMs: 1_000,
    warnAlways: null,
    transferError: null,
    channelLost: false,
    nameless: null,
    blacklist: [],
    appTokens: [],
    clientIdError: null,
    tokenError: null,
    userError: null,
    configurationError: null,
    viewerSecret: null,
  };
}
