import type { Seq } from "../../event/ids.ts";
import type { Range } from "./block-rows.ts";
import { formatPlace, SEQ_MAX } from "./blocks.ts";
import type { Queries } from "./queries.ts";
import { recallDirectory } from "./recently-read.ts";
import { formatPlacesByType } from "./types.ts";
import type { Directory } from "./volume.ts";

/*
 * The database's rows of the archive: one row a volume, which says where in it each block begins. They
 * are written by volumes.ts.
 */

/** A volume as the database has it. */
export interface Volume {
  readonly first: Seq;
  readonly last: Seq;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly name: string;
  readonly directory: Directory;
}

// The first volume that can hold something after a place: the last one that begins at or before it.
const LOWEST = `coalesce(
  (SELECT max(place) FROM volumes WHERE place <= ${formatPlace("?2 + 1")} AND place >= ${formatPlace("0")}),
  ${formatPlace("0")})`;

const HIGHEST = formatPlace("?3");

/** The oldest seq of a range that the archive has, in SQL. */
export const OLDEST_SHELVED = `coalesce(
  (SELECT max(place & ${SEQ_MAX}, ?2 + 1) FROM volumes WHERE place = ${LOWEST} AND last > ?2 AND place <= ${HIGHEST}),
  (SELECT min(place) & ${SEQ_MAX} FROM volumes WHERE place > ${formatPlace("?2 + 1")} AND place <= ${HIGHEST}))`;

const COLUMNS = `place & ${SEQ_MAX} AS first, last, first_at, last_at, name, directory`;

interface Row {
  first: number | null;
  last: number;
  first_at: number;
  last_at: number;
  name: string;
  directory: string;
}

function readRow({ first, last, first_at, last_at, name, directory }: Row): Volume[] {
  if (first === null) return [];
  const times = { firstAt: first_at, lastAt: last_at };
  const volume = {
    first,
    last,
    ...times,
    name,
    // Of most that are asked for in case they are needed nothing is read.
    get directory() {
      return recallDirectory(name, directory);
    },
  };
  return [volume];
}

/** A look at the volumes of a range. */
export interface VolumeQuery extends Range {
  readonly order: "asc" | "desc";
  /** Those that hold one of these types, or of what a prefix with `*` stands for; null for any. */
  readonly types: readonly string[] | null;
  readonly limit: number;
}

/** Asks where of a range the archive's part begins: null where it has none of it. */
export function prepareOldest(db: Queries, { channel, after, upTo }: Range): D1PreparedStatement {
  return db
    .prepare(`SELECT ${OLDEST_SHELVED} AS oldest`)
    .bind(channel, after, Math.min(upTo, SEQ_MAX));
}

/**
 * Asks for volumes of a range, and where the archive's part of it begins; `parseVolumes` reads the
 * answer.
 */
export function prepareVolumes(db: Queries, query: VolumeQuery): D1PreparedStatement {
  const { channel, after, upTo, types, limit } = query;
  const order = query.order === "asc" ? "ASC" : "DESC";
  const bounds = [channel, after, Math.min(upTo, SEQ_MAX), limit];
  if (types === null) {
    return db
      .prepare(
        `SELECT ${OLDEST_SHELVED} AS oldest, each.* FROM (SELECT NULL) LEFT JOIN (
           SELECT ${COLUMNS} FROM volumes
           WHERE place >= ${LOWEST} AND place <= ${HIGHEST} AND last > ?2
           ORDER BY place ${order} LIMIT ?4) AS each
         ORDER BY first ${order}`,
      )
      .bind(...bounds);
  }
  return db
    .prepare(
      `WITH RECURSIVE
       ${formatPlacesByType("volume_types", LOWEST, order)}
       SELECT ${OLDEST_SHELVED} AS oldest, each.* FROM (SELECT NULL) LEFT JOIN (
         SELECT ${COLUMNS} FROM volumes WHERE place IN (SELECT place FROM places)) AS each
       ORDER BY first ${order}`,
    )
    .bind(...bounds, JSON.stringify(types));
}

/** Reads volumes of a range, and the oldest seq that is kept of it. */
export function parseVolumes(answer: D1Result | undefined): {
  volumes: Volume[];
  oldest: Seq | null;
} {
  const rows = (answer?.results ?? []) as (Row & { oldest: number | null })[];
  return { volumes: rows.flatMap(readRow), oldest: rows[0]?.oldest ?? null };
}

/** The newest volume that begins at or before a place; null for none. */
export async function findVolumeAt(db: Queries, channel: number, seq: Seq): Promise<Volume | null> {
  const row = await db
    .prepare(
      `SELECT ${COLUMNS} FROM volumes
       WHERE place > ${formatPlace("0")} AND place <= ${formatPlace("?2")}
       ORDER BY place DESC LIMIT 1`,
    )
    .bind(channel, Math.min(seq, SEQ_MAX))
    .first<Row>();
  return row === null ? null : (readRow(row)[0] ?? null);
}

/** The oldest volume; null for none. */
export async function findOldestVolume(db: Queries, channel: number): Promise<Volume | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM volumes WHERE place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}
       ORDER BY place LIMIT 1`)
    .bind(channel)
    .first<Row>();
  return row === null ? null : (readRow(row)[0] ?? null);
}

/** Names of the volumes that begin from one place to another. */
export async function listNames(
  db: Queries,
  channel: number,
  from: Seq,
  upTo: Seq,
): Promise<readonly string[]> {
  const { results } = await db
    .prepare(
      `SELECT name FROM volumes WHERE place >= ${formatPlace("?2")} AND place <= ${formatPlace("?3")}`,
    )
    .bind(channel, from, Math.min(upTo, SEQ_MAX))
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Finds which of these places the database has itself, or in a volume that it knows. */
export async function listKnownPlaces(
  db: Queries,
  channel: number,
  seqs: readonly Seq[],
): Promise<ReadonlySet<Seq>> {
  if (seqs.length === 0) return new Set();
  const holds = (table: string): string =>
    `coalesce((SELECT last FROM ${table}
       WHERE place > ${formatPlace("0")} AND place <= ${formatPlace("value")}
       ORDER BY place DESC LIMIT 1), 0) >= value`;
  const { results } = await db
    .prepare(
      `SELECT value AS seq FROM json_each(?2) WHERE ${holds("blocks")} OR ${holds("volumes")}`,
    )
    .bind(channel, JSON.stringify(seqs))
    .all<{ seq: number }>();
  return new Set(results.map(({ seq }) => seq));
}
