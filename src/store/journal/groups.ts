import {
  formatRaw,
  ROW_MAX_BYTES,
  countRowBytes,
  type Group,
  type NumberedEvent,
} from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import { countBytes } from "../../lib/bytes.ts";
import type { LoggedEvent, RecordedEvent } from "../logged-event.ts";
import { write } from "../object/write.ts";
import { listStayingKeys } from "./group-keys.ts";
import { readItems, type Item } from "./items.ts";
import { pruneKeys, putKeys } from "./keys.ts";

interface Row extends Record<string, SqlStorageValue> {
  first_seq: number;
  last_seq: number;
  recorded_at: number;
  items: string;
}

// A row takes what comes until it has so much: rows are what is billed, and a channel at which
// little happens writes a row for each event otherwise, and another to forget it.
const OPEN_EVENTS = 64;
const OPEN_CHARS = 64_000;

/**
 * Writes a group: adds it to the newest row, unless that has `rowEvents` by then, or else as one row,
 * or as several where one would be too large. Its events' texts are taken as they are, not encoded
 * again.
 */
export function appendGroup(
  sql: SqlStorage,
  group: Group,
  recordedAt: number,
  rowEvents = OPEN_EVENTS,
): void {
  const parts = splitGroup(group.events);
  let from = group.from;
  for (const [index, events] of parts.entries()) {
    const last = index === parts.length - 1 ? undefined : events.at(-1);
    // A row carries the time of its last event.
    const at = last === undefined ? recordedAt : Date.parse(last.event.recordedtime);
    const to = last?.seq ?? group.to;
    appendRow(sql, { from, to, events }, at, rowEvents);
    from = to;
  }
}

/** A group's events, a row's each. One event by itself always fits. */
function splitGroup(events: readonly NumberedEvent[]): NumberedEvent[][] {
  const parts: NumberedEvent[][] = [[]];
  let bytes = 0;
  for (const event of events) {
    const more = countRowBytes(event);
    if (bytes > 0 && bytes + more > ROW_MAX_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(event);
    bytes += more;
  }
  return parts;
}

function appendRow(sql: SqlStorage, group: Group, recordedAt: number, rowEvents: number): void {
  const items = group.events.map((each) => {
    const { type, provider, platform, recordedtime } = each.event;
    const head = JSON.stringify([each.seq, type, provider, platform, Date.parse(recordedtime)]);
    return `${head.slice(0, -1)},${each.text},${formatRaw(each.raw) ?? "null"}]`;
  });
  const keys = JSON.stringify(group.events.map((each) => each.key));
  const values = [group.to, recordedAt, `[${items.join(",")}]`, keys] as const;
  if (extendLastRow(sql, group, rowEvents - group.events.length, values) > 0) return;
  write(
    sql,
    "INSERT INTO groups (last_seq, recorded_at, items, keys, first_seq) VALUES (?, ?, ?, ?, ?)",
    ...values,
    group.from + 1,
  );
}

/** Adds to the newest row, if it has room for a group and ends where that begins. */
function extendLastRow(
  sql: SqlStorage,
  { from }: Group,
  room: number,
  values: readonly [number, number, string, string],
): number {
  const chars = OPEN_CHARS - values[2].length;
  if (room <= 0 || chars <= 0) return 0;
  return write(
    sql,
    `UPDATE groups SET last_seq = ?1, recorded_at = ?2,
       items = substr(items, 1, length(items) - 1) || ',' || substr(?3, 2),
       keys = substr(keys, 1, length(keys) - 1) || ',' || substr(?4, 2)
     WHERE last_seq = ?5 AND last_seq - first_seq < ?6 AND length(items) BETWEEN 3 AND ?7`,
    ...values,
    from,
    room,
    chars,
  );
}

/**
 * The journal's events after a place and up to another, one way or the other, read as they are
 * taken. To be used up or left before anything is awaited.
 */
export function* readJournalEvents(
  sql: SqlStorage,
  { after, upTo, order }: { after: Seq; upTo: Seq; order: "asc" | "desc" },
): Generator<LoggedEvent, void> {
  const rows = sql.exec<Row>(
    `SELECT * FROM groups WHERE last_seq > ? AND first_seq <= ?
     ORDER BY last_seq ${order === "asc" ? "ASC" : "DESC"}`,
    after,
    upTo,
  );
  for (const row of rows) {
    const items = readItems(row.items);
    for (const item of order === "asc" ? items : items.toReversed()) {
      if (item[0] > after && item[0] <= upTo) yield toLogged(item);
    }
  }
}

/** How much is taken out of the journal at a time. */
export interface Portion {
  readonly events: number;
  /** Bytes of the rows; one event by itself may have more. */
  readonly bytes: number;
}

/** The oldest events after a place, as many as a portion has; none where the journal has no more. */
export function readNextEvents(sql: SqlStorage, after: Seq, portion: Portion): RecordedEvent[] {
  const taken: RecordedEvent[] = [];
  let bytes = 0;
  const rows = sql.exec<Row>("SELECT * FROM groups WHERE last_seq > ? ORDER BY last_seq", after);
  for (const row of rows) {
    bytes += countBytes(row.items);
    if (taken.length > 0 && bytes > portion.bytes) return taken;
    for (const item of readItems(row.items)) {
      if (item[0] <= after) continue;
      if (taken.length === portion.events) return taken;
      taken.push({ ...toLogged(item), at: item[4] });
    }
  }
  return taken;
}

/** The place before the journal's oldest event, and its newest; null for an empty journal. */
export function readJournalBounds(sql: SqlStorage): { oldest: Seq; head: Seq; at: number } | null {
  const [row] = sql
    .exec<Row>(
      `SELECT (SELECT first_seq FROM groups ORDER BY last_seq LIMIT 1) AS first_seq,
              last_seq, recorded_at, '' AS items
       FROM groups ORDER BY last_seq DESC LIMIT 1`,
    )
    .toArray();
  if (row === undefined) return null;
  return { oldest: row.first_seq - 1, head: row.last_seq, at: row.recorded_at };
}

/** When the oldest event after a place was recorded; null for none. */
export function findRecordedAfter(sql: SqlStorage, after: Seq): number | null {
  const [row] = sql
    .exec<{ at: number }>(
      "SELECT recorded_at AS at FROM groups WHERE last_seq > ? ORDER BY last_seq LIMIT 1",
      after,
    )
    .toArray();
  return row?.at ?? null;
}

/** The place of the journal's first event recorded at a time or later; null for none. */
export function findFirstRecordedFrom(sql: SqlStorage, time: number): Seq | null {
  // A group carries the time of its last event: the first whose time fits holds the first event.
  const [row] = sql
    .exec<Row>("SELECT * FROM groups WHERE recorded_at >= ? ORDER BY last_seq LIMIT 1", time)
    .toArray();
  if (row === undefined) return null;
  const found = readItems(row.items).find((item) => item[4] >= time);
  return found?.[0] ?? null;
}

/** The part of the journal that stays, whatever its groups' times say. */
export interface Keeping {
  /** A repeat of the last so many occurrences is known, however long ago they were. */
  readonly keys: number;
  /** The time after which a recorded time is a wrong clock's, and says nothing of an age. */
  readonly ahead: number;
  /** Of that, the last so many events stay. */
  readonly events: number;
}

const KEEPING: Keeping = { keys: 5_000, ahead: Number.MAX_SAFE_INTEGER, events: 5_000 };

/**
 * Forgets what history has and nobody is likely to ask for: groups before both bounds. The newest
 * stays: it tells where the log is. Occurrences stay longer than their events.
 */
export function pruneGroups(
  sql: SqlStorage,
  upTo: Seq,
  recordedBefore: number,
  keeping: Keeping = KEEPING,
): void {
  const head = readJournalBounds(sql)?.head ?? 0;
  const isGoing = `last_seq <= ?1 AND last_seq < ?2
    AND (recorded_at < ?3 OR (recorded_at > ?4 AND last_seq <= ?5))`;
  const bounds = [upTo, head, recordedBefore, keeping.ahead, head - keeping.events];
  const [last] = sql
    .exec<{ at: number; seq: number }>(
      `SELECT recorded_at AS at, last_seq AS seq FROM groups WHERE ${isGoing}
       ORDER BY last_seq DESC LIMIT 1`,
      ...bounds,
    )
    .toArray();
  if (last === undefined) return;
  putKeys(sql, listStayingKeys(sql, last.seq, keeping.keys), last.at);
  pruneKeys(sql, keeping.keys);
  write(sql, `DELETE FROM groups WHERE ${isGoing}`, ...bounds);
}

function toLogged([seq, type, provider, platform, , event, raw]: Item): LoggedEvent {
  return {
    seq,
    type,
    provider,
    platform,
    text: JSON.stringify(event),
    raw: raw === null ? null : JSON.stringify(raw),
  };
}
