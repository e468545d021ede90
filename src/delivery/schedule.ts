import { computeDoubling, spreadWait, type Backoff } from "../lib/backoff.ts";
import { parseRetryAfter } from "../lib/retry-after.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY_MS = 24 * HOUR;

/**
 * How long to wait before each attempt, the first one included: the example of Standard Webhooks.
 * All of it takes 75 h 35 min.
 */
export const SCHEDULE_MS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** The wait after `step` charged attempts have failed; null when no more are made. */
export function waitAfter(step: number, random: number): number | null {
  const base = SCHEDULE_MS[step];
  return base === undefined ? null : spreadWait(base, random);
}

/** `Retry-After` is obeyed up to a day (DESIGN 3). */
const RETRY_AFTER_MAX_MS = DAY_MS;

/**
 * `Retry-After` in either form, as a wait from now within its bounds; null if there is none to be
 * read. One that has passed or is of now asks for no wait at all: the schedule goes on.
 */
export function readRetryAfterMs(header: string | null, now: number): number | null {
  const wait = parseRetryAfter(header, now);
  return wait === null || wait < SECOND ? null : Math.min(wait, RETRY_AFTER_MAX_MS);
}

// Our own trouble is over soon or takes a while: from 5 s up to an hour.
const OURS: Backoff = { baseMs: 5 * SECOND, maxMs: HOUR };

/** The wait after an attempt that failed through no fault of the endpoint's. */
export function computeInternalRetryMs(earlier: number, random: number): number {
  return spreadWait(computeDoubling(earlier, OURS), random);
}
