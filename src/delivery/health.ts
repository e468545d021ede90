import { z } from "zod";

import { computeDoubling, spreadWait, type Backoff } from "../lib/backoff.ts";
import { DAY_MS } from "./schedule.ts";

/**
 * How an endpoint fares: the rate of its failures over the last minutes, and since when nothing has
 * gone well. While it is failing, it gets one probe at a time.
 */
export const Health = z.object({
  state: z.enum(["healthy", "failing"]),
  /** Since when it is in this state. */
  since: z.number(),
  /** Successes and failures, each weighing half as much after `HALF_LIFE_MS`; as of `weighedAt`. */
  successes: z.number(),
  failures: z.number(),
  weighedAt: z.number(),
  /** The first failure since the last success, and how many there were; null after a success. */
  failingSince: z.number().nullable(),
  failedAttempts: z.int(),
  /** When the next probe may go, and how many have failed. Both are of no meaning while healthy. */
  probeAt: z.number(),
  probes: z.int(),
  lastSuccessAt: z.number().nullable(),
  lastFailureAt: z.number().nullable(),
});
export type Health = z.infer<typeof Health>;

export function makeHealth(now: number): Health {
  return {
    state: "healthy",
    since: now,
    successes: 0,
    failures: 0,
    weighedAt: now,
    failingSince: null,
    failedAttempts: 0,
    probeAt: now,
    probes: 0,
    lastSuccessAt: null,
    lastFailureAt: null,
  };
}

const HALF_LIFE_MS = 300_000;

// It is failing when four in five of some five recent attempts failed, none went well since, and
// that has lasted a little: a hundred failures may be one bad second.
const FAILING_RATE = 0.8;
const FAILING_WEIGHT = 4.5;
const FAILING_AFTER_MS = 5_000;

const PROBING: Backoff = { baseMs: 5_000, maxMs: 300_000 };

// DESIGN 3: disabling takes both days and attempts. Five days as Svix has it.
const DISABLE_AFTER_MS = 5 * DAY_MS;
const DISABLE_ATTEMPTS = 20;

/** The share of recent attempts that failed; 0 if there were none. */
export function computeFailureRate(health: Health, now: number): number {
  const { successes, failures } = weighAttempts(health, now);
  // What has faded to less than a hundredth of an attempt says nothing.
  return successes + failures < 0.01 ? 0 : failures / (successes + failures);
}

export function noteSuccess(health: Health, now: number): Health {
  const { successes, failures } = weighAttempts(health, now);
  const isBack = health.state === "failing";
  return {
    ...health,
    state: "healthy",
    since: isBack ? now : health.since,
    // What went wrong before it came back is not held against it.
    successes: successes + 1,
    failures: isBack ? 0 : failures,
    weighedAt: now,
    failingSince: null,
    failedAttempts: 0,
    probes: 0,
    lastSuccessAt: now,
  };
}

export function noteFailure(health: Health, now: number, random: number): Health {
  const { successes, failures } = weighAttempts(health, now);
  const failingSince = health.failingSince ?? now;
  const next: Health = {
    ...health,
    successes,
    failures: failures + 1,
    weighedAt: now,
    failingSince,
    failedAttempts: health.failedAttempts + 1,
    lastFailureAt: now,
  };
  if (health.state === "failing") return noteProbe(next, health.probes + 1, now, random);
  const isFailing =
    next.failures >= FAILING_WEIGHT &&
    next.failures / (next.failures + next.successes) >= FAILING_RATE &&
    now - failingSince >= FAILING_AFTER_MS;
  if (!isFailing) return next;
  return noteProbe({ ...next, state: "failing", since: now }, 0, now, random);
}

/** Has it failed for days, and often enough, without a single success? */
export function isBeyondHope({ failingSince, failedAttempts }: Health, now: number): boolean {
  if (failingSince === null || failedAttempts < DISABLE_ATTEMPTS) return false;
  return now - failingSince >= DISABLE_AFTER_MS;
}

function noteProbe(health: Health, probes: number, now: number, random: number): Health {
  const wait = spreadWait(computeDoubling(probes, PROBING), random);
  return { ...health, probes, probeAt: now + wait };
}

function weighAttempts(health: Health, now: number): { successes: number; failures: number } {
  // A clock that went back must not make old attempts weigh more.
  const age = Math.max(0, now - health.weighedAt);
  const weight = 0.5 ** (age / HALF_LIFE_MS);
  return { successes: health.successes * weight, failures: health.failures * weight };
}
