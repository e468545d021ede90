import { EVERYTHING } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import type { LoggedEvent } from "../logged-event.ts";
import { readVolumeIndexes } from "./block-bodies.ts";
import { readIndex } from "./block.ts";
import { formatPlace, SEQ_MAX } from "./blocks.ts";
import { ArchiveError } from "./bucket.ts";
import { readPage } from "./pages.ts";
import type { Queries } from "./queries.ts";
import { recallDirectory } from "./recently-read.ts";

/*
 * Where in a channel's history something is.
 */

const OWN = `place >= ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}`;

type Table = "blocks" | "volumes";

const findFirst = (table: Table): string => `(SELECT min(place) FROM ${table} WHERE ${OWN})`;
const findLast = (table: Table): string => `(SELECT max(place) FROM ${table} WHERE ${OWN})`;
const LAST = findLast("blocks");

/** The place before the oldest event that history has, and its newest; null for none at all. */
export async function readHistoryBounds(
  db: Queries,
  channel: number,
): Promise<{ oldest: Seq; newest: Seq } | null> {
  const row = await db
    .prepare(
      `SELECT coalesce(${findFirst("volumes")}, ${findFirst("blocks")}) & ${SEQ_MAX} AS oldest, (SELECT last FROM blocks WHERE place = ${LAST}) AS newest`,
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

/** The place of a history's newest event, 0 for none, and its mark. */
export interface HistoryState {
  readonly newest: Seq;
  readonly mark: number;
}

/** The places of the newest events that history has of these channels, and its marks, in their order. */
export async function listStates(
  db: Queries,
  channels: readonly number[],
): Promise<HistoryState[]> {
  const { results } = await db
    .prepare(
      `SELECT coalesce(
         (SELECT last FROM blocks WHERE place > value << 32 AND place < (value + 1) << 32
          ORDER BY place DESC LIMIT 1), 0) AS newest,
         coalesce((SELECT mark FROM history_marks WHERE channel = value), 0) AS mark
       FROM json_each(?) ORDER BY key`,
    )
    .bind(JSON.stringify(channels))
    .all<HistoryState>();
  return results;
}

/**
 * Asks for the last row of a table whose first event was recorded before a time: a binary search, some
 * forty point reads in one statement. Its `low` is the place before the oldest where there is none.
 */
function prepareSearch(
  db: Queries,
  table: Table,
  channel: number,
  time: number,
  columns: string,
): D1PreparedStatement {
  // When the first event of the row in the middle of what is left of the search was recorded.
  const middleAt = `(
    SELECT first_at FROM ${table}
    WHERE place >= ${formatPlace("(low + high + 1) / 2")} AND place <= ${formatPlace(String(SEQ_MAX))}
    ORDER BY place LIMIT 1)`;
  return db
    .prepare(
      `WITH RECURSIVE
       search(low, high) AS (
         SELECT coalesce(${findFirst(table)} & ${SEQ_MAX}, 1) - 1,
           coalesce(${findLast(table)} & ${SEQ_MAX}, 0)
         UNION ALL
         SELECT CASE WHEN ${middleAt} < ?2 THEN (low + high + 1) / 2 ELSE low END,
                CASE WHEN ${middleAt} < ?2 THEN high ELSE (low + high + 1) / 2 - 1 END
         FROM search WHERE low < high
       ),
       found(low) AS (SELECT low FROM search WHERE low >= high LIMIT 1)
       SELECT ${findFirst(table)} IS NOT NULL AS is_any, found.low,
         place & ${SEQ_MAX} AS first, ${columns}
       FROM found LEFT JOIN ${table} ON place = ${formatPlace("found.low")}`,
    )
    .bind(channel, time);
}

interface FoundRow {
  is_any: number;
  low: number;
  first: number | null;
}

/**
 * The place of the last event recorded before a time; the place before the oldest where none was,
 * and 0 where there is no history. The database is asked about both of its tables at once: what moves
 * from one to the other is in one of them.
 */
export async function findSeqBefore(db: Queries, channel: number, time: number): Promise<Seq> {
  for (let looks = 1; looks <= LOOKS; looks++) {
    const [older, newer] = await db.batch([
      prepareSearch(db, "volumes", channel, time, "name, directory"),
      prepareSearch(db, "blocks", channel, time, "idx"),
    ]);
    const block = newer?.results[0] as (FoundRow & { idx: string }) | undefined;
    if (block !== undefined && block.first !== null) {
      const { low, first, idx } = block;
      return findLastBefore(first, idx, time) ?? low - 1;
    }
    const volume = older?.results[0] as VolumeFound | undefined;
    if (volume === undefined || volume.is_any === 0) return block?.low ?? 0;
    if (volume.first === null) return volume.low;
    const found = await findInVolume(db, volume, time);
    if (found !== null) return found;
  }
  throw new ArchiveError(new Error("what the database tells of is not there"));
}

interface VolumeFound extends FoundRow {
  name: string;
  directory: string;
}

/** The last event of a volume that was recorded before a time; null where the volume is gone. */
async function findInVolume(
  db: Queries,
  { name, directory }: VolumeFound,
  time: number,
): Promise<Seq | null> {
  const volume = recallDirectory(name, directory);
  const { blocks } = volume;
  const place = blocks.findLastIndex(({ firstAt }) => firstAt < time);
  const block = blocks[place];
  if (block === undefined) throw new Error("a volume that begins later than its row says");
  const indexes = await readVolumeIndexes(db, name, volume);
  if (indexes === null) return null;
  const index = indexes[place] ?? "";
  return findLastBefore(block.first, index, time) ?? block.first - 1;
}

function findLastBefore(first: Seq, index: string, time: number): Seq | null {
  return readIndex(first, index).findLast(({ at }) => at < time)?.seq ?? null;
}

// A volume may be made anew while it is read: its row tells of another then.
const LOOKS = 4;

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
