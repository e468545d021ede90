import { z } from "zod";

import type { Seq } from "../event/ids.ts";

/*
 * A channel's figures by the minute. A minute is one row, which is added to until the next begins: who
 * told of how much and how late it was, what was given out, and how things were at its end.
 */

export const MINUTE_MS = 60_000;

/** How many minutes are kept: a day. */
export const MINUTES_KEPT = 1440;

const Count = z.int();

/** Delays by their bucket: `bucketOf` says which it is. */
const Delays = z.record(z.string(), Count);
type Delays = Readonly<z.infer<typeof Delays>>;

/** The counts from one moment to the next. */
const Counted = z.object({
  delivered: Count,
  shed: Count,
  repeats: Count,
  rejected: Count,
  rowsWritten: Count,
});
export type Counted = Readonly<z.infer<typeof Counted>>;

/** How things are at one moment. */
const Gauges = z.object({
  /** Null where no provider has said it. */
  viewers: Count.nullable(),
  sockets: Count,
  historyLagMs: Count,
});
export type Gauges = Readonly<z.infer<typeof Gauges>>;

export const Minute = Counted.extend({
  ...Gauges.shape,
  /** When it began, in milliseconds since 1970. */
  at: z.int(),
  /** Up to which place of the log events are counted in it. */
  upTo: z.int(),
  providers: z.record(z.string(), z.object({ events: Count, delays: Delays })),
});
export type Minute = Readonly<z.infer<typeof Minute>>;

/** An event, as far as it is counted. */
export interface CountedEvent {
  readonly seq: Seq;
  readonly provider: string;
  readonly recordedAt: number;
  /** The provider's own time; null where it has none. */
  readonly happenedAt: number | null;
}

export const NOTHING_COUNTED: Counted = {
  delivered: 0,
  shed: 0,
  repeats: 0,
  rejected: 0,
  rowsWritten: 0,
};

/** The beginning of a time's minute. */
export function findMinute(time: number): number {
  return Math.floor(time / MINUTE_MS) * MINUTE_MS;
}

/** A minute in which nothing is counted yet. */
export function beginMinute(at: number): Minute {
  const gauges = { viewers: null, sockets: 0, historyLagMs: 0 };
  return { ...NOTHING_COUNTED, ...gauges, at, upTo: 0, providers: {} };
}

/** A minute with more events, each after the last that is counted in it. */
export function countEvents(minute: Minute, events: readonly CountedEvent[]): Minute {
  const providers = { ...minute.providers };
  let { upTo } = minute;
  for (const [provider, told] of Map.groupBy(events, (event) => event.provider)) {
    const before = providers[provider] ?? { events: 0, delays: {} };
    const delays = { ...before.delays };
    for (const { seq, recordedAt, happenedAt } of told) {
      upTo = Math.max(upTo, seq);
      if (happenedAt === null) continue;
      const bucket = bucketOf(recordedAt - happenedAt);
      delays[bucket] = (delays[bucket] ?? 0) + 1;
    }
    providers[provider] = { events: before.events + told.length, delays };
  }
  return { ...minute, providers, upTo };
}

/** A minute with what was counted since it was last added to, and how things are now. */
export function addCounted(minute: Minute, counted: Counted, gauges: Gauges): Minute {
  return { ...minute, ...sum(minute, counted), ...gauges };
}

/** Counts what came between two moments. A count that is less than before has begun anew. */
export function subtract(now: Counted, before: Counted): Counted {
  return combine(now, before, (count, then) => (count < then ? count : count - then));
}

export function sum(one: Counted, other: Counted): Counted {
  return combine(one, other, (count, more) => count + more);
}

function combine(
  one: Counted,
  other: Counted,
  join: (one: number, other: number) => number,
): Counted {
  return {
    delivered: join(one.delivered, other.delivered),
    shed: join(one.shed, other.shed),
    repeats: join(one.repeats, other.repeats),
    rejected: join(one.rejected, other.rejected),
    rowsWritten: join(one.rowsWritten, other.rowsWritten),
  };
}

/** Half of the events were at most so late, and 95 of 100. */
export interface DelaySummary {
  readonly p50: number;
  readonly p95: number;
}

/** One step of time: several minutes as one. */
export interface MetricsStep extends Counted, Gauges {
  readonly at: number;
  readonly events: number;
  readonly delayMs: DelaySummary | null;
  readonly byProvider: Readonly<
    Record<string, { readonly events: number; readonly delayMs: DelaySummary | null }>
  >;
}

/**
 * Minutes, oldest first, joined to steps of time: what was counted is added up, and how things were is
 * as of the last of them. A step with no minute in it is left out.
 */
export function joinMinutes(minutes: readonly Minute[], stepMs: number): MetricsStep[] {
  const steps = Map.groupBy(minutes, ({ at }) => Math.floor(at / stepMs) * stepMs);
  return [...steps].map(([at, parts]) => joinStep(at, parts));
}

function joinStep(at: number, minutes: readonly Minute[]): MetricsStep {
  const { viewers = null, sockets = 0, historyLagMs = 0 } = minutes.at(-1) ?? {};
  const told = minutes.flatMap(({ providers }) => Object.entries(providers));
  const byProvider = [...Map.groupBy(told, ([provider]) => provider)].map(
    ([provider, parts]) => [provider, joinProvider(parts.map(([, part]) => part))] as const,
  );
  return {
    at,
    ...minutes.reduce(sum, NOTHING_COUNTED),
    ...joinProvider(told.map(([, part]) => part)),
    byProvider: Object.fromEntries(byProvider),
    viewers,
    sockets,
    historyLagMs,
  };
}

function joinProvider(parts: readonly { readonly events: number; readonly delays: Delays }[]) {
  const delays = new Map<number, number>();
  for (const part of parts) {
    for (const [bucket, count] of Object.entries(part.delays)) {
      delays.set(Number(bucket), (delays.get(Number(bucket)) ?? 0) + count);
    }
  }
  const events = parts.reduce((all, part) => all + part.events, 0);
  return { events, delayMs: summarizeDelays(delays) };
}

function summarizeDelays(delays: ReadonlyMap<number, number>): DelaySummary | null {
  if (delays.size === 0) return null;
  return { p50: findPercentile(delays, 0.5), p95: findPercentile(delays, 0.95) };
}

/** By nearest rank: at least so much of all is at most so late. */
function findPercentile(delays: ReadonlyMap<number, number>, share: number): number {
  const sorted = [...delays].toSorted(([a], [b]) => a - b);
  const rank = share * sorted.reduce((all, [, count]) => all + count, 0);
  let seen = 0;
  for (const [bucket, count] of sorted) {
    seen += count;
    if (seen >= rank) return middleOf(bucket);
  }
  return 0;
}

// Five buckets to each doubling: what is told of a delay is at most a tenth off, rounded to a
// millisecond. With four, 19 ms were told as 21. The last is some 25 days, and everything above it.
const BUCKETS_A_DOUBLING = 5;
const LAST_BUCKET = 31 * BUCKETS_A_DOUBLING;

/** The bucket of a delay. A provider's clock that is ahead is taken for no delay. */
function bucketOf(delayMs: number): number {
  if (delayMs < 1) return 0;
  return Math.min(LAST_BUCKET, 1 + Math.floor(BUCKETS_A_DOUBLING * Math.log2(delayMs)));
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : Math.round(2 ** ((bucket - 0.5) / BUCKETS_A_DOUBLING));
}
