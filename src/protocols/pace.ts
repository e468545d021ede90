/** How fast something may come: one each so many milliseconds, with bursts up to so many. */
export interface Pace {
  readonly everyMs: number;
  readonly burst: number;
}

/** The pace of clients of served protocols, for requests that cost more than their answer. */
export const ASKS: Pace = { everyMs: 100, burst: 100 };

/** Frames of any kind: beyond this nobody waits for an answer. */
export const FRAMES: Pace = { everyMs: 10, burst: 1_000 };

/**
 * Takes one more on; null if it is one too many, which uses nothing up. `paceAt` is when one would
 * come that keeps the pace exactly, as far as those before it were ahead of it.
 */
export function takeTurn(paceAt: number, at: number, { everyMs, burst }: Pace): number | null {
  const from = Math.max(paceAt, at);
  return from - at > (burst - 1) * everyMs ? null : from + everyMs;
}
