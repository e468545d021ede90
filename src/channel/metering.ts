import { MINUTE_MS, type Counted, type Gauges } from "./minutes.ts";

/*
 * A channel's minute as a point of metrics. The order is part of what queries rely on: new figures
 * come at the end.
 */

/** The figures that a channel has counted since it is in memory, and what it is like now. */
export interface Figures extends Counted, Gauges {
  /** The log's head: one more for each event. */
  readonly events: number;
  readonly stoppedProviders: number;
}

/** How long it is to the end of the minute. */
export function computeWait(now: number): number {
  return MINUTE_MS - (now % MINUTE_MS);
}

/** A point's figures, `double1` first: what was counted since the last, and then what is now. */
export function makePoint(before: Figures, now: Figures): number[] {
  return [
    now.events - before.events,
    now.delivered - before.delivered,
    now.shed - before.shed,
    now.repeats - before.repeats,
    now.sockets,
    now.historyLagMs,
    now.viewers ?? -1,
    now.stoppedProviders,
  ];
}
