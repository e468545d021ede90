/* The list of events: what was read from history and what comes, filtered and bounded. Pure. */
import type { StreamEvent } from "../../client/event-types.ts";
import type { EventFilter } from "../routes.ts";
import { sayEvent } from "../text/events.ts";
import { isOneOf, NOISE } from "../text/kinds.ts";

const KEPT = 500;

/** Tells if a filter lets an event through, as the relay's own would. */
export function passes(event: StreamEvent, filter: EventFilter): boolean {
  const { types, platforms, providers, contains, since, until } = filter;
  if (types.length > 0 && !isOneOf(event.type, types)) return false;
  if (platforms.length > 0 && !platforms.includes(event.platform)) return false;
  if (providers.length > 0 && !providers.includes(event.provider)) return false;
  if (since !== "" && event.recordedtime < since) return false;
  if (until !== "" && event.recordedtime >= until) return false;
  if (contains === "") return true;
  return sayEvent(event).toLowerCase().includes(contains.toLowerCase());
}

/** A row of the list: one event, or many of one kind that came at once. */
export interface Row {
  readonly event: StreamEvent;
  /** How many are behind it: noise of one type and second. */
  readonly count: number;
}

/** Folds what comes many times a second and says little; nothing where it is asked for by name. */
export function foldRows(events: readonly StreamEvent[], filter: EventFilter): Row[] {
  const rows: Row[] = [];
  let last: { key: string; at: number } | null = null;
  for (const event of events) {
    const isNoise = NOISE.has(event.type) && filter.types.length === 0;
    const key = `${event.type} ${event.provider} ${event.recordedtime.slice(0, 19)}`;
    if (isNoise && last !== null && last.key === key) {
      const before = rows[last.at];
      if (before !== undefined) rows[last.at] = { event, count: before.count + 1 };
      continue;
    }
    if (isNoise) last = { key, at: rows.length };
    rows.push({ event, count: 1 });
  }
  return rows;
}

/** An event with its place, read once: a list is put in order several times a second. */
interface Placed {
  readonly event: StreamEvent;
  readonly epoch: string;
  readonly seq: number;
}

/** Joins lists of events into one, newest first, each once, and bounded. */
export function joinEvents(...lists: readonly (readonly StreamEvent[])[]): StreamEvent[] {
  const known = new Map<string, Placed>();
  for (const event of lists.flat()) {
    const epoch = event.id.slice(0, event.id.indexOf("-"));
    known.set(event.id, { event, epoch, seq: Number(event.sequence) });
  }
  return [...known.values()]
    .toSorted(compareNewest)
    .slice(0, KEPT)
    .map(({ event }) => event);
}

/** Newest first, by the place in the log. A later life of the channel is later. */
function compareNewest(one: Placed, other: Placed): number {
  return one.epoch === other.epoch
    ? other.seq - one.seq
    : other.event.recordedtime.localeCompare(one.event.recordedtime);
}
