import { countBytes } from "../lib/bytes.ts";
import type { Json } from "../lib/json.ts";
import { findOverload } from "./catalogue.ts";
import type { StreamEvent } from "./event.ts";
import type { Seq } from "./ids.ts";

/** A numbered event with its text, made once for everyone who will get it. */
export interface NumberedEvent {
  readonly seq: Seq;
  readonly event: StreamEvent;
  /** The event as JSON. */
  readonly text: string;
  readonly key: string | null;
  readonly raw: Json | null;
}

/**
 * How many bytes of events a row of a store holds at most. Storage refuses rows of 2,000,000 bytes;
 * what is left is for the rest of a row, and for tombstones, which may be longer than what they
 * hide.
 */
export const ROW_MAX_BYTES = 1_500_000;

// Beside its text, words and key: its place, type, provider, platform, time and what JSON needs.
const FRAME_BYTES = 400;

const COUNTED_BYTES = 16 * 1024;

/** How many bytes an event takes in a row of the journal, at most. */
export function countRowBytes(event: NumberedEvent): number {
  const { text, key } = event;
  const raw = formatRaw(event.raw) ?? "";
  // A character takes three bytes at most, and one of a key as JSON writes it six. Nearly all
  // events are far from any limit, and need not be counted out.
  const most = 3 * (text.length + raw.length) + 6 * (key?.length ?? 0) + FRAME_BYTES;
  if (most < COUNTED_BYTES) return most;
  return countBytes(text) + countBytes(raw) + countBytes(JSON.stringify(key)) + FRAME_BYTES;
}

const rawTexts = new WeakMap<object, string>();

/** A provider's words as JSON, written once for all who need them; null for none. */
export function formatRaw(raw: Json | null): string | null {
  if (typeof raw !== "object" || raw === null) return raw === null ? null : JSON.stringify(raw);
  const text = rawTexts.get(raw) ?? JSON.stringify(raw);
  rawTexts.set(raw, text);
  return text;
}

/**
 * A range of a channel's log that is written and sent in one go: everything after `from`, up to
 * `to`. A reader's filter may leave less of it, or nothing; the bounds stay.
 */
export interface Group {
  readonly from: Seq;
  readonly to: Seq;
  readonly events: readonly NumberedEvent[];
}

/** How much of a group a socket gets, by how far it is behind. */
export type Pressure = "none" | "conflate" | "shed";

/** A group under pressure, and how many of its events were left out without a successor. */
export interface Eased {
  readonly events: readonly NumberedEvent[];
  readonly shed: number;
}

/**
 * Takes from a group what may be left out under this pressure: superseded events first, then those
 * that may be shed. Money, subscriptions and moderation always stay.
 */
export function ease(events: readonly NumberedEvent[], pressure: Pressure): Eased {
  if (pressure === "none") return { events, shed: 0 };
  const newest = conflateEvents(events);
  if (pressure === "conflate") return { events: newest, shed: 0 };
  const kept = newest.filter(({ event }) => findOverload(event.type).sheddable !== true);
  return { events: kept, shed: newest.length - kept.length };
}

/** Without the events that a later one in the same list supersedes. */
function conflateEvents(events: readonly NumberedEvent[]): NumberedEvent[] {
  const last = new Map<string, Seq>();
  for (const each of events) {
    const key = makeConflationKey(each.event);
    if (key !== null) last.set(key, each.seq);
  }
  return events.filter((each) => {
    const key = makeConflationKey(each.event);
    return key === null || last.get(key) === each.seq;
  });
}

/**
 * The key that two events have alike if the later says all that the earlier did. The fields they
 * have are a part of it: a new title does not say what the category is.
 */
function makeConflationKey(event: StreamEvent): string | null {
  const { conflateBy } = findOverload(event.type);
  if (conflateBy === undefined) return null;
  const { type, provider, platform, connectionid, test, data } = event;
  const values = conflateBy.map((field) => data[field]);
  const fields = Object.keys(data).toSorted();
  return JSON.stringify([type, provider, platform, connectionid, test, values, fields]);
}
