import { z } from "zod";

import { erase, isErased, type Erasure } from "../../event/erasure.ts";
import type { Group } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import { isRecord } from "../../lib/json.ts";
import type { LoggedEvent } from "../logged-event.ts";
import { write } from "../object/write.ts";

interface StoredEvent {
  readonly data: Record<string, unknown>;
}

/** One event as the journal's rows hold it, and as history takes it. */
const Item = z.tuple([
  z.int(),
  z.string(),
  z.string(),
  z.string(),
  z.int(),
  // As it is, not copied by a schema: its keys stay in their order, and its text what it was.
  z.custom<StoredEvent>((event) => isRecord(event) && isRecord(event["data"])),
  z.unknown(),
]);
const Items = z.array(Item);
type Item = z.infer<typeof Item>;

interface Row extends Record<string, SqlStorageValue> {
  first_seq: number;
  last_seq: number;
  recorded_at: number;
  items: string;
}

/** Writes a group as one row. Its events' texts are taken as they are, not encoded again. */
export function appendGroup(sql: SqlStorage, group: Group, recordedAt: number): void {
  const items = group.events.map((each) => {
    const { type, provider, platform, recordedtime } = each.event;
    const head = JSON.stringify([each.seq, type, provider, platform, Date.parse(recordedtime)]);
    const raw = each.raw === null ? "null" : JSON.stringify(each.raw);
    return `${head.slice(0, -1)},${each.text},${raw}]`;
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
export function* journalEvents(
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
    const items = Items.parse(JSON.parse(row.items));
    for (const item of order === "asc" ? items : items.toReversed()) {
      if (item[0] > after && item[0] <= upTo) yield toLogged(item);
    }
  }
}

/** What history is to be fed next. */
export interface Batch {
  readonly to: Seq;
  readonly count: number;
  /** JSON: an array of items. */
  readonly items: string;
}

// D1 takes values of 2 MB; half of that leaves room for how it counts.
const BATCH_MAX_CHARS = 1_000_000;

/** The oldest events after a place, at most `max` unless one group alone has more; null for none. */
export function nextBatch(sql: SqlStorage, after: Seq, max: number): Batch | null {
  const parts: string[] = [];
  let to = after;
  let length = 0;
  const rows = sql.exec<Row>("SELECT * FROM groups WHERE last_seq > ? ORDER BY last_seq", after);
  for (const row of rows) {
    const isFull = row.last_seq - after > max || length + row.items.length > BATCH_MAX_CHARS;
    if (parts.length > 0 && isFull) break;
    parts.push(row.items.slice(1, -1));
    length += row.items.length;
    to = row.last_seq;
  }
  if (parts.length === 0) return null;
  return { to, count: to - after, items: `[${parts.filter((part) => part !== "").join(",")}]` };
}

/** The place before the journal's oldest event, and its newest; null for an empty journal. */
export function journalBounds(sql: SqlStorage): { oldest: Seq; head: Seq; at: number } | null {
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
export function recordedAfter(sql: SqlStorage, after: Seq): number | null {
  const [row] = sql
    .exec<{ at: number }>(
      "SELECT recorded_at AS at FROM groups WHERE last_seq > ? ORDER BY last_seq LIMIT 1",
      after,
    )
    .toArray();
  return row?.at ?? null;
}

/** The place of the journal's first event recorded at a time or later; null for none. */
export function firstRecordedFrom(sql: SqlStorage, time: number): Seq | null {
  // A group carries the time of its last event: the first whose time fits holds the first event.
  const [row] = sql
    .exec<Row>("SELECT * FROM groups WHERE recorded_at >= ? ORDER BY last_seq LIMIT 1", time)
    .toArray();
  if (row === undefined) return null;
  const found = Items.parse(JSON.parse(row.items)).find((item) => item[4] >= time);
  return found?.[0] ?? null;
}

/** The keys of the groups recorded since a time, at most about `max`, oldest first. */
export function keysSince(
  sql: SqlStorage,
  since: number,
  { atLeast, atMost }: { atLeast: number; atMost: number },
): { at: number; last: Seq; keys: readonly (string | null)[] }[] {
  const groups = [];
  let count = 0;
  const rows = sql.exec<{ last_seq: number; recorded_at: number; keys: string }>(
    "SELECT last_seq, recorded_at, keys FROM groups ORDER BY last_seq DESC",
  );
  for (const row of rows) {
    if ((row.recorded_at < since && count >= atLeast) || count >= atMost) break;
    const keys = z.array(z.string().nullable()).parse(JSON.parse(row.keys));
    groups.push({ at: row.recorded_at, last: row.last_seq, keys });
    count += keys.length;
  }
  return groups.toReversed();
}

/**
 * Forgets what history has and nobody is likely to ask for: groups before both bounds. The newest
 * stays: it tells where the log is.
 */
export function pruneGroups(sql: SqlStorage, upTo: Seq, recordedBefore: number): void {
  write(
    sql,
    `DELETE FROM groups WHERE last_seq <= ? AND recorded_at < ?
       AND last_seq < (SELECT max(last_seq) FROM groups)`,
    upTo,
    recordedBefore,
  );
}

/** Makes tombstones of what an erasure reaches; answers their places. */
export function eraseInGroups(sql: SqlStorage, erasure: Erasure): Seq[] {
  const erased: Seq[] = [];
  const [word, ...more] = wordsOf(erasure);
  const rows =
    word === undefined
      ? sql.exec<Row>("SELECT * FROM groups")
      : sql.exec<Row>(
          `SELECT * FROM groups WHERE EXISTS (
             SELECT 1 FROM json_each(?) AS word WHERE instr(groups.items, word.value) > 0)`,
          JSON.stringify([word, ...more]),
        );
  for (const row of rows.toArray()) {
    let changed = false;
    const items = Items.parse(JSON.parse(row.items)).map((item): Item => {
      const [seq, type, provider, platform, at, event] = item;
      if (!isErased(erasure, { seq, provider, platform, data: event.data })) return item;
      changed = true;
      erased.push(seq);
      return [seq, type, provider, platform, at, erase(event), null];
    });
    if (!changed) continue;
    write(
      sql,
      "UPDATE groups SET items = ? WHERE last_seq = ?",
      JSON.stringify(items),
      row.last_seq,
    );
  }
  return erased;
}

/** Texts of which one must stand in a row that the erasure reaches, as JSON writes them. */
function wordsOf({ scope }: Erasure): string[] {
  if (scope.kind === "all") return [];
  const ids = scope.kind === "user" ? [scope.userId] : scope.ids;
  return ids.map((id) => JSON.stringify(id));
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
