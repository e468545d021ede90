import { computeDoubling } from "../lib/backoff.ts";

/*
 * How a channel's log goes to a hub: what gathers while the last of it is on its way goes in one
 * call, and a hub that cannot follow is left to read the rest of the log by itself.
 */

// What is given to a socket at once stays below what makes a reader a slow one.
export const BATCH_MAX_EVENTS = 256;
export const BATCH_MAX_CHARS = 64 * 1024;

/** A stretch that waits, and about how large it is. */
interface Stretch {
  readonly events: number;
  readonly chars: number;
}

/** How many of what waits go in the next call: at least one. */
export function countNextBatch(waiting: readonly Stretch[]): number {
  let events = 0;
  let chars = 0;
  let count = 0;
  for (const each of waiting) {
    events += each.events;
    chars += each.chars;
    if (count > 0 && (events > BATCH_MAX_EVENTS || chars > BATCH_MAX_CHARS)) break;
    count += 1;
  }
  return count;
}

/** So much may wait for one hub, in memory that the channel needs for other things. */
export const BACKLOG_MAX_CHARS = 1024 * 1024;

const AGAIN = { baseMs: 500, maxMs: 30_000 };

/** After so many failures in a row, when to try again, in milliseconds. */
export function retryAfterMs(failures: number): number {
  return computeDoubling(failures, AGAIN);
}

/** A hub says this often that it still holds sockets of a channel; it counts for the other. */
export const RENEW_MS = 120_000;
export const HOLD_MS = 300_000;
