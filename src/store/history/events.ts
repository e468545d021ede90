import type { Erasure } from "../../event/erasure.ts";
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

// What stays of a message, in the order of `erase` in event/erasure: journal and history say the same.
const KEPT = ["id", "replyTo", "action", "highlighted", "first", "to"];

// The patch leaves out what is null: what the message does not have.
const TOMBSTONE = `
  body = json_set(body, '$.data.message', json_insert(
    json_patch('{}', json_object(${KEPT.map((name) => `'${name}', body -> '$.data.message.${name}'`).join(", ")})),
    '$.text', '', '$.fragments', json('[]'), '$.deleted', json('true'))),
  raw = NULL`;

/** Makes tombstones of the events at these places. */
export async function eraseAt(db: Queries, channel: number, seqs: readonly Seq[]): Promise<void> {
  await db
    .prepare(
      `UPDATE events SET ${TOMBSTONE}
       WHERE channel = ?1 AND seq IN (SELECT value FROM json_each(?2))`,
    )
    .bind(channel, JSON.stringify(seqs))
    .run();
}

/** Makes tombstones of what an erasure reaches between two places: after `after`, up to `upTo`. */
export async function eraseBetween(
  db: Queries,
  channel: number,
  erasure: Erasure,
  { after, upTo }: { after: Seq; upTo: Seq },
): Promise<void> {
  const { scope } = erasure;
  const [path, words] =
    scope.kind === "messages"
      ? ["$.data.message.id", scope.ids]
      : scope.kind === "user"
        ? ["$.data.user.id", [scope.userId]]
        : ["$.data.message.deleted", null];
  await db
    .prepare(
      `UPDATE events SET ${TOMBSTONE}
       WHERE channel = ?1 AND seq > ?2 AND seq <= ?3 AND provider = ?4 AND platform = ?5
         AND json_type(body, '$.data.message') = 'object'
         AND json_extract(body, '$.data.message.deleted') IS NULL
         AND (?7 IS NULL OR json_extract(body, ?6) IN (SELECT value FROM json_each(?7)))`,
    )
    .bind(
      channel,
      after,
      Math.min(upTo, erasure.seq),
      erasure.provider,
      erasure.platform,
      path,
      words === null ? null : JSON.stringify(words),
    )
    .run();
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
