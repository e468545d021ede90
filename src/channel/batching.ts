/*
 * How a channel's log goes to those who follow it: what is given to one in a call, how long more is
 * left to gather before the next, and how long a hub counts without a sign of life.
 */

/** How much of the log goes in one call at most; a larger event goes by itself. */
export interface SliceLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** A limit of bytes for one socket at once: below what makes a reader a slow one. */
export const HUB_SLICE: SliceLimits = { maxEvents: 256, maxBytes: 64 * 1024 };

/** Most events have some hundred bytes; 256 of the largest are more than a call can carry. */
export const WEBHOOK_SLICE: SliceLimits = { maxEvents: 256, maxBytes: 1024 * 1024 };

const GATHER_MIN_MS = 2;
const GATHER_MAX_MS = 100;

/**
 * How long a webhook waits after a call. Handing over to many takes the channel's time: each leaves
 * more to gather, a millisecond for every webhook there is.
 */
export function computeGatherMs(webhooks: number): number {
  return Math.min(Math.max(webhooks, GATHER_MIN_MS), GATHER_MAX_MS);
}

/** A hub says this often that it still holds sockets of a channel; it counts for the other. */
export const RENEW_MS = 120_000;
export const HOLD_MS = 300_000;
