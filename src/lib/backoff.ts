/**
 * How long to wait before try number `attempt` (from 0): a random time between 0 and
 * min(`maxMs`, `baseMs` · 2^attempt), but never under `baseMs`: "full jitter", which spreads a
 * crowd best (AWS Architecture Blog, "Exponential Backoff and Jitter").
 * `random` is in [0, 1).
 */
export function fullJitter(
  attempt: number,
  random: number,
  { baseMs, maxMs }: { baseMs: number; maxMs: number },
): number {
  // 2^30 · any base is beyond every cap; the bound keeps the power finite.
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.max(baseMs, Math.round(random * ceiling));
}
