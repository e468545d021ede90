import { EVERYTHING } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import type { LoggedEvent } from "../logged-event.ts";
import { readIndex } from "./block.ts";
import { formatPlace, SEQ_MAX } from "./blocks.ts";
import { readPage } from "./pages.ts";
import type { Queries } from "./queries.ts";

/*
 * Where in a channel's history something is.
 */

const FIRST = `(SELECT min(place) FROM blocks WHERE place >= ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))})`;
const LAST = `(SELECT max(place) FROM blocks WHERE place >= ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))})`;

/** The place before the oldest event that history has, and its newest; null for none at all. */
export async function readHistoryBounds(
  db: Queries,
  channel: number,
): Promise<{ oldest: Seq; newest: Seq } | null> {
  const row = await db
    .prepare(
      `SELECT ${FIRST} & ${SEQ_MAX} AS oldest, (SELECT last FROM blocks WHERE place = ${LAST}) AS newest`,
    )
    .bind(channel)
    .first<{ oldest: number | null; newest: number | null }>();
  if (row === null || row.oldest === null || row.newest === null) return null;
  return { oldest: row.oldest - 1, newest: row.newest };
}

/** The newest event that history has of a channel, and when it was recorded; null for none. */
export async function findNewest(
  db: Queries,
  channel: number,
): Promise<{ seq: Seq; at: number } | null> {
  return db
    .prepare(`SELECT last AS seq, last_at AS at FROM blocks WHERE place = ${LAST}`)
    .bind(channel)
    .first<{ seq: Seq; at: number }>();
}

/** The places of the newest events that history has of these channels, in their order. */
export async function listNewest(db: Queries, channels: readonly number[]): Promise<Seq[]> {
  const { results } = await db
    .prepare(
      `SELECT coalesce(
         (SELECT last FROM blocks WHERE place > value << 32 AND place < (value + 1) << 32
          ORDER BY place DESC LIMIT 1), 0) AS seq
       FROM json_each(?) ORDER BY key`,
    )
    .bind(JSON.stringify(channels))
    .all<{ seq: Seq }>();
  return results.map(({ seq }) => seq);
}

// When the first event of the block in the middle of what is left of a search was recorded.
const MIDDLE_AT = `(
  SELECT first_at FROM blocks
  WHERE place >= ${formatPlace("(low + high + 1) / 2")} AND place <= ${formatPlace(String(SEQ_MAX))}
  ORDER BY place LIMIT 1)`;

/**
 * The place of the last event recorded before a time; the place before the oldest where none was,
 * and 0 where there is no history. A binary search over the blocks, some forty point reads in one
 * statement, and then over the times of one block.
 */
export async function findSeqBefore(db: Queries, channel: number, time: number): Promise<Seq> {
  const row = await db
    .prepare(
      `WITH RECURSIVE
       search(low, high) AS (
         SELECT coalesce(${FIRST} & ${SEQ_MAX}, 1) - 1, coalesce(${LAST} & ${SEQ_MAX}, 0)
         UNION ALL
         SELECT CASE WHEN ${MIDDLE_AT} < ?2 THEN (low + high + 1) / 2 ELSE low END,
                CASE WHEN ${MIDDLE_AT} < ?2 THEN high ELSE (low + high + 1) / 2 - 1 END
         FROM search WHERE low < high
       ),
       found(low) AS (SELECT low FROM search WHERE low >= high LIMIT 1)
       SELECT found.low, place & ${SEQ_MAX} AS first, idx
       FROM found LEFT JOIN blocks ON place = ${formatPlace("found.low")}`,
    )
    .bind(channel, time)
    .first<{ low: number; first: number | null; idx: string }>();
  if (row === null) return 0;
  const { low, first, idx } = row;
  if (first === null) return low;
  return readIndex(first, idx).findLast(({ at }) => at < time)?.seq ?? low - 1;
}

/**
 * The place that everything recorded since a time comes after: that of the last event before it. 0
 * where none before it is kept: what is gone may have been recorded since.
 */
export async function findPlaceSince(db: Queries, channel: number, time: number): Promise<Seq> {
  const before = await findSeqBefore(db, channel, time);
  if (before === 0) return 0;
  return (await findEventAt(db, channel, before)) === null ? 0 : before;
}

/** One event, or null. */
export async function findEventAt(
  db: Queries,
  channel: number,
  seq: Seq,
): Promise<LoggedEvent | null> {
  const only = { after: seq - 1, upTo: seq, order: "asc", limit: 1 } as const;
  const page = await readPage(db, { ...only, channel, filter: EVERYTHING, raw: true });
  return page.events[0] ?? null;
}
