import {
  formatRaw,
  ROW_MAX_BYTES,
  countRowBytes,
  type Group,
  type NumberedEvent,
} from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import { countBytes } from "../../lib/bytes.ts";
import type { LoggedEvent } from "../logged-event.ts";
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

/**
 * Writes a group as one row, or as several where one would be too large. Its events' texts are taken
 * as they are, not encoded again.
 */
export function appendGroup(sql: SqlStorage, group: Group, recordedAt: number): void {
  const parts = splitGroup(group.events);
  let from = group.from;
  for (const [index, events] of parts.entries()) {
    const last = index === parts.length - 1 ? undefined : events.at(-1);
    // A row carries the time of its last event.
    const at = last === undefined ? recordedAt : Date.parse(last.event.recordedtime);
    const to = last?.seq ?? group.to;
    appendRow(sql, { from, to, events }, at);
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

function appendRow(sql: SqlStorage, group: Group, recordedAt: number): void {
  const items = group.events.map((each) => {
    const { type, provider, platform, recordedtime } = each.event;
    const head = JSON.stringify([each.seq, type, provider, platform, Date.parse(recordedtime)]);
    return `${head.slice(0, -1)},${each.text},${formatRaw(each.raw) ?? "null"}]`;
  });
  write(
    sql,
    "INSERT INTO groups (last_seq, first_seq, recorded_at, items, keys) VALUES (?, ?, ?, ?, ?)",
    group.to,
    group.from + 1,
    recordedAt,
    `[${items.join(",")}]`,
    JSON.stringify(group.events.map((each) => each.key)),
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

/** The next batch for history. */
export interface Batch {
  readonly to: Seq;
  readonly count: number;
  /** JSON: an array of items. */
  readonly items: string;
}

// D1 takes values of 2,000,000 bytes. A row alone may have more than this, but not more than that.
const BATCH_MAX_BYTES = 1_000_000;

/** The oldest events after a place, at most `max` unless one row alone has more; null for none. */
export function readNextBatch(sql: SqlStorage, after: Seq, max: number): Batch | null {
  const parts: string[] = [];
  let to = after;
  let bytes = 0;
  for (const row of readRowsAfter(sql, after)) {
    const items = row.first_seq > after ? row.items : cutItems(row, after);
    const more = countBytes(items);
    const isFull = row.last_seq - after > max || bytes + more > BATCH_MAX_BYTES;
    if (to > after && isFull) break;
    parts.push(items.slice(1, -1));
    bytes += more;
    to = row.last_seq;
  }
  if (to === after) return null;
  return { to, count: to - after, items: `[${parts.filter((part) => part !== "").join(",")}]` };
}

/** The oldest events after a place, no more than so many: cut out of their rows where need be. */
export function readNextEvents(sql: SqlStorage, after: Seq, count: number): Batch | null {
  const taken: Item[] = [];
  for (const row of readRowsAfter(sql, after)) {
    for (const item of readItems(row.items)) {
      if (item[0] > after && taken.length < count) taken.push(item);
    }
    if (taken.length === count) break;
  }
  const to = taken.at(-1)?.[0];
  return to === undefined ? null : { to, count: taken.length, items: JSON.stringify(taken) };
}

function readRowsAfter(sql: SqlStorage, after: Seq): Iterable<Row> {
  return sql.exec<Row>("SELECT * FROM groups WHERE last_seq > ? ORDER BY last_seq", after);
}

/** A row of which a part is with history already. */
function cutItems(row: Row, after: Seq): string {
  return JSON.stringify(readItems(row.items).filter((item) => item[0] > after));
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
