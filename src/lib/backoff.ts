/** How long to wait between tries: at least `baseMs`, and at most `maxMs`. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Between the relay's own objects: one that was lost is there again by the next call, and one that
 * stays away is asked twice a minute.
 */
export const OBJECT_CALLS: Backoff = { baseMs: 500, maxMs: 30_000 };

/**
 * How long to wait before try number `attempt` (from 0): any time from `baseMs` up to
 * min(`maxMs`, `baseMs` · 2^(attempt + 1)), each as likely. That is "full jitter", which spreads a
 * crowd best (AWS Architecture Blog, "Exponential Backoff and Jitter"), above a floor.
 * `random` is in [0, 1).
 */
export function computeFullJitter(
  attempt: number,
  random: number,
  { baseMs, maxMs }: Backoff,
): number {
  // 2^30 · any base is beyond every cap; the bound keeps the power finite.
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt + 1, 30));
  return Math.round(baseMs + random * (ceiling - baseMs));
}
