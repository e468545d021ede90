import type { Seq } from "../../event/ids.ts";

/** The database, or a session on it: anything that prepares statements. */
export type Queries = Pick<D1Database, "prepare" | "batch">;

/**
 * Takes a batch of the journal's items into history. Doing it again changes nothing: a place in the
 * log is taken once. Answers the rows it wrote, indexes included.
 */
export async function appendEvents(db: Queries, channel: number, items: string): Promise<number> {
  // `WHERE 1` lets SQLite tell the upsert clause from a join's ON.
  const { meta } = await db
    .prepare(
      `INSERT INTO events (channel, seq, type, provider, platform, recorded_at, body, raw)
       SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value -> 5,
              nullif(value -> 6, 'null')
       FROM json_each(?2) WHERE 1
       ON CONFLICT DO NOTHING`,
    )
    .bind(channel, items)
    .run();
  return meta.rows_written;
}

/** The place before the oldest event that history has, and its newest; null for none at all. */
export async function readHistoryBounds(
  db: Queries,
  channel: number,
): Promise<{ oldest: Seq; newest: Seq } | null> {
  const row = await db
    .prepare(
      `SELECT (SELECT min(seq) FROM events WHERE channel = ?1) AS oldest,
              (SELECT max(seq) FROM events WHERE channel = ?1) AS newest`,
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
    .prepare(
      "SELECT seq, recorded_at AS at FROM events WHERE channel = ? ORDER BY seq DESC LIMIT 1",
    )
    .bind(channel)
    .first<{ seq: Seq; at: number }>();
}

/** The places of the newest events that history has of these channels, in their order. */
export async function listNewest(db: Queries, channels: readonly number[]): Promise<Seq[]> {
  const { results } = await db
    .prepare(
      `SELECT coalesce((SELECT max(seq) FROM events WHERE channel = value), 0) AS seq
       FROM json_each(?) ORDER BY key`,
    )
    .bind(JSON.stringify(channels))
    .all<{ seq: Seq }>();
  return results.map(({ seq }) => seq);
}

// When the event in the middle of what is left of a search was recorded.
const MIDDLE_AT = `(
  SELECT recorded_at FROM events
  WHERE channel = ?1 AND seq >= (low + high + 1) / 2 ORDER BY seq LIMIT 1)`;

/**
 * The place of the last event recorded before a time (0 if none was): a binary search over the
 * primary key, some forty point reads in one statement.
 */
export async function findSeqBefore(db: Queries, channel: number, time: number): Promise<Seq> {
  const row = await db
    .prepare(
      `WITH RECURSIVE search(low, high) AS (
         SELECT coalesce((SELECT min(seq) FROM events WHERE channel = ?1), 1) - 1,
                coalesce((SELECT max(seq) FROM events WHERE channel = ?1), 0)
         UNION ALL
         SELECT CASE WHEN ${MIDDLE_AT} < ?2 THEN (low + high + 1) / 2 ELSE low END,
                CASE WHEN ${MIDDLE_AT} < ?2 THEN high ELSE (low + high + 1) / 2 - 1 END
         FROM search WHERE low < high
       )
       SELECT low FROM search WHERE low >= high LIMIT 1`,
    )
    .bind(channel, time)
    .first<{ low: number }>();
  return row?.low ?? 0;
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
): Promise<{ body: string; raw: string | null } | null> {
  return db
    .prepare("SELECT body, raw FROM events WHERE channel = ? AND seq = ?")
    .bind(channel, seq)
    .first<{ body: string; raw: string | null }>();
}

/** Takes away what was recorded before a time, at most `max` rows; answers how many. */
export async function pruneEvents(
  db: Queries,
  channel: number,
  time: number,
  max: number,
): Promise<number> {
  const upTo = await findSeqBefore(db, channel, time);
  const { meta } = await db
    .prepare(
      `DELETE FROM events WHERE channel = ?1 AND seq IN (
         SELECT seq FROM events WHERE channel = ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)`,
    )
    .bind(channel, upTo, max)
    .run();
  return meta.changes;
}
