import { z } from "zod";

import type { LinkFailure } from "../event/link-failure.ts";
import { computeFullJitter } from "../lib/backoff.ts";

/** DESIGN 3, "Providers": full jitter, 0.5 s to 60 s. */
const BACKOFF = { baseMs: 500, maxMs: 60_000 };

/** After a capacity or rate answer (DESIGN 3; Liveblocks uses the same steps). */
const SLOW_LADDER_MS = [2_000, 30_000, 60_000, 300_000];

/** A provider that asks us to stay away is obeyed, up to a day. */
const RETRY_AFTER_MAX_MS = 86_400_000;

/** A link that held this long was a good one: its next fault starts the ladder anew. */
const STABLE_MS = 60_000;

/** The phase of a link to a provider. Survives restarts. */
export const DialState = z.object({
  phase: z.enum(["idle", "dialling", "open", "waiting", "stopped"]),
  /** Dials since the link was last good. */
  attempts: z.int(),
  /** Slow answers since the link was last good. */
  slow: z.int(),
  /** When to dial next, while waiting. */
  dueAt: z.number().nullable(),
  /** Since when it is in this phase. */
  since: z.number(),
  /** Why it waits or has stopped, for programs and for people. */
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  /** Credentials were renewed for this dial: being refused again before it opens is final. */
  renewed: z.boolean(),
});
export type DialState = z.infer<typeof DialState>;

export const IDLE: DialState = {
  phase: "idle",
  attempts: 0,
  slow: 0,
  dueAt: null,
  since: 0,
  reason: null,
  detail: null,
  renewed: false,
};

/** A dial begins. */
export function beginDial(state: DialState, at: number): DialState {
  return { ...state, phase: "dialling", dueAt: null, since: at };
}

/** The provider's handshake went through. */
export function noteOpened(state: DialState, at: number): DialState {
  return { ...state, phase: "open", since: at, reason: null, detail: null, renewed: false };
}

/** The credentials were renewed, and are about to be tried. */
export function noteRenewed(state: DialState): DialState {
  return { ...state, renewed: true };
}

/**
 * The link failed. `renewable`: its credentials can be renewed, and have not just been.
 * `random` is in [0, 1).
 */
export function noteFailed(
  state: DialState,
  fault: LinkFailure,
  { at, random, renewable }: { at: number; random: number; renewable: boolean },
): DialState {
  const wasGood = state.phase === "open" && at - state.since >= STABLE_MS;
  const attempts = wasGood ? 0 : state.attempts;
  const slow = wasGood ? 0 : state.slow;
  const why = { reason: fault.reason, detail: fault.detail, since: at };
  const mayRenew = fault.remedy === "renew" && renewable && !state.renewed;
  if (fault.remedy === "stop" || (fault.remedy === "renew" && !mayRenew)) {
    return { ...state, ...why, phase: "stopped", attempts, slow, dueAt: null };
  }
  const waitMs =
    fault.remedy === "slow"
      ? computeSlowStepMs(slow)
      : computeFullJitter(attempts, random, BACKOFF);
  const asked = Math.min(fault.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
  return {
    ...state,
    ...why,
    phase: "waiting",
    attempts: attempts + 1,
    slow: fault.remedy === "slow" ? slow + 1 : slow,
    dueAt: at + Math.max(waitMs, asked),
  };
}

/** Somebody wants it dialled now, whatever stood in the way. */
export function releaseDial(state: DialState, at: number): DialState {
  const anew = { attempts: 0, slow: 0, reason: null, detail: null, renewed: false };
  return { ...state, ...anew, phase: "waiting", dueAt: at, since: at };
}

/** Nobody wants it: it was hung up on purpose. */
export function noteHungUp(state: DialState, at: number, reason: string | null): DialState {
  return {
    ...state,
    phase: "idle",
    dueAt: null,
    since: at,
    reason,
    detail: null,
    renewed: false,
  };
}

function computeSlowStepMs(step: number): number {
  return SLOW_LADDER_MS[Math.min(step, SLOW_LADDER_MS.length - 1)] ?? 0;
}
