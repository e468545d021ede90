/** From where to where a wait grows. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** For a single party that waits: `baseMs`, twice as long after each failure, up to `maxMs`. */
export function computeDoubling(failures: number, { baseMs, maxMs }: Backoff): number {
  // 2^30 · any base is beyond every cap; the bound keeps the power finite.
  return Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30));
}

// So much of a wait is chance.
const SPREAD = 0.2;

/**
 * Between the relay's own objects: one that was lost is there again by the next call, and one that
 * stays away is asked twice a minute.
 */
export const OBJECT_CALLS: Backoff = { baseMs: 500, maxMs: 30_000 };

/**
 * For many that were told when: a wait up to a fifth shorter or longer, so that they do not come all
 * at once and nobody has to wait much longer than was said. `random` is in [0, 1).
 */
export function spreadWait(ms: number, random: number): number {
  return Math.round(ms * (1 - SPREAD + 2 * SPREAD * random));
}

/**
 * For a crowd: how long to wait before try number `attempt` (from 0), any time from `baseMs` up to
 * min(`maxMs`, `baseMs` · 2^(attempt + 1)), each as likely. That is "full jitter", which spreads a
 * crowd best (AWS Architecture Blog, "Exponential Backoff and Jitter"), above a floor.
 * `random` is in [0, 1).
 */
export function computeFullJitter(attempt: number, random: number, backoff: Backoff): number {
  const { baseMs } = backoff;
  const ceiling = computeDoubling(attempt + 1, backoff);
  return Math.round(baseMs + random * (ceiling - baseMs));
}
