import { formatPlace, SEQ_MAX } from "./blocks.ts";
import type { Queries } from "./queries.ts";
import type { Volume } from "./volume-rows.ts";
import type { VolumeRecord } from "./volume.ts";

/*
 * The writing of the archive's rows. Only a channel's own object writes them. Each statement says what
 * it found and in which turn it was sent, and does nothing where that is so no longer.
 */

/** The blocks of a range as they were found. */
export interface FoundBlocks {
  readonly count: number;
  /** How often they were changed, all together. */
  readonly editions: number;
}

/** Another statement came first: what was found is to be looked at again. */
export class ShelfChangedError extends Error {
  constructor() {
    super("the archive has changed since it was read");
  }
}

/** A channel's place in the order of its turns at the archive, and its number. */
export interface Turn {
  readonly channel: number;
  readonly turn: number;
}

/** The turn that a channel is in. */
export async function findTurn(db: Queries, channel: number): Promise<Turn> {
  const row = await db
    .prepare("SELECT turn FROM archive_turns WHERE channel = ?1")
    .bind(channel)
    .first<{ turn: number }>();
  return { channel, turn: row?.turn ?? 0 };
}

/** Begins a channel's next turn: what was sent before this, and comes after it, does nothing. */
export async function beginTurn(db: Queries, channel: number): Promise<Turn> {
  const row = await db
    .prepare(
      `INSERT INTO archive_turns (channel, turn) VALUES (?1, 1)
       ON CONFLICT DO UPDATE SET turn = turn + 1 RETURNING turn`,
    )
    .bind(channel)
    .first<{ turn: number }>();
  if (row === null) throw new Error("a turn that did not begin");
  return { channel, turn: row.turn };
}

/** It is still the turn of whoever sent this. */
const isTurn = (turn: string): string =>
  `coalesce((SELECT turn FROM archive_turns WHERE channel = ?1), 0) = ${turn}`;

/** The range of a channel's rows. */
const OWN = `place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}`;

/**
 * Has a volume in place of the blocks that it was made of: all at once, so that a reader finds them
 * in one of the two places, whenever it looks.
 */
export async function shelveBlocks(
  db: Queries,
  { channel, turn }: Turn,
  name: string,
  volume: VolumeRecord,
  found: FoundBlocks,
): Promise<void> {
  const { first, last } = volume;
  const inside = `place >= ${formatPlace("?2")} AND place <= ${formatPlace("?3")}`;
  const isThere = `EXISTS (SELECT 1 FROM volumes WHERE place = ${formatPlace("?2")} AND name = ?4)`;
  const values = [channel, first, last, name];
  const results = await db.batch([
    db
      .prepare(
        `INSERT INTO volumes (place, last, name, first_at, last_at, directory)
         SELECT ${formatPlace("?2")}, ?3, ?4, ?5, ?6, ?7
         WHERE (SELECT count(*) || '.' || sum(edition) FROM blocks WHERE ${inside}) = ?8
           AND ${isTurn("?9")}`,
      )
      .bind(
        ...values,
        volume.firstAt,
        volume.lastAt,
        volume.directory,
        `${found.count}.${found.editions}`,
        turn,
      ),
    db
      .prepare(
        `INSERT OR IGNORE INTO volume_types (channel, type, first)
         SELECT ?1, value, ?2 FROM json_each(?5) WHERE ?3 > 0 AND ${isThere}`,
      )
      .bind(...values, JSON.stringify(volume.types)),
    db
      .prepare(
        `DELETE FROM block_types WHERE channel = ?1 AND (type, first) IN (
           SELECT json_extract(value, '$[0]'), place & ${SEQ_MAX}
           FROM blocks, json_each(idx, '$.kinds') WHERE ${inside}) AND ${isThere}`,
      )
      .bind(...values),
    db.prepare(`DELETE FROM blocks WHERE ${inside} AND ${isThere}`).bind(...values),
  ]);
  if ((results[0]?.meta.changes ?? 0) === 0) throw new ShelfChangedError();
}

/** Has a volume in place of another, of which it was made: less of it, or fewer events. */
export async function replaceVolume(
  db: Queries,
  { channel, turn }: Turn,
  before: Pick<Volume, "first" | "name">,
  name: string,
  volume: VolumeRecord,
): Promise<void> {
  const values = [channel, before.first, before.name, turn];
  const results = await db.batch([
    prepareDropTypes(db, values),
    db
      .prepare(
        `INSERT OR IGNORE INTO volume_types (channel, type, first)
         SELECT ?1, each.value, ?6 FROM json_each(?5) AS each
         WHERE EXISTS (SELECT 1 FROM volumes WHERE ${IS_THERE})`,
      )
      .bind(...values, JSON.stringify(volume.types), volume.first),
    db
      .prepare(
        `UPDATE volumes SET place = ${formatPlace("?5")}, last = ?6, first_at = ?7, last_at = ?8,
           name = ?9, directory = ?10
         WHERE ${IS_THERE}`,
      )
      .bind(
        ...values,
        volume.first,
        volume.last,
        volume.firstAt,
        volume.lastAt,
        name,
        volume.directory,
      ),
  ]);
  if ((results[2]?.meta.changes ?? 0) === 0) throw new ShelfChangedError();
}

/** Takes the row of a volume away. */
export async function dropVolume(
  db: Queries,
  { channel, turn }: Turn,
  { first, name }: Pick<Volume, "first" | "name">,
): Promise<void> {
  const values = [channel, first, name, turn];
  const results = await db.batch([
    prepareDropTypes(db, values),
    db.prepare(`DELETE FROM volumes WHERE ${IS_THERE}`).bind(...values),
  ]);
  if ((results[1]?.meta.changes ?? 0) === 0) throw new ShelfChangedError();
}

const IS_THERE = `place = ${formatPlace("?2")} AND name = ?3 AND ${isTurn("?4")}`;

function prepareDropTypes(db: Queries, values: readonly unknown[]): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM volume_types WHERE channel = ?1 AND first = ?2 AND type IN (
         SELECT json_extract(value, '$[0]') FROM volumes, json_each(directory, '$.kinds')
         WHERE ${IS_THERE})`,
    )
    .bind(...values);
}

/** Takes rows of a channel's volumes away, at most `max`. Answers how many. */
export async function dropVolumes(db: Queries, channel: number, max: number): Promise<number> {
  const some = `SELECT place FROM volumes WHERE ${OWN} ORDER BY place LIMIT ?2`;
  const [, deleted] = await db.batch([
    db
      .prepare(
        `DELETE FROM volume_types WHERE channel = ?1 AND first IN (
           SELECT place & ${SEQ_MAX} FROM (${some}))`,
      )
      .bind(channel, max),
    db.prepare(`DELETE FROM volumes WHERE place IN (${some})`).bind(channel, max),
    db.prepare("DELETE FROM archive_turns WHERE channel = ?1").bind(channel),
  ]);
  return deleted?.meta.changes ?? 0;
}
