import type { Seq } from "../../event/ids.ts";
import { formatPlace, SEQ_MAX } from "./blocks.ts";
import type { Queries } from "./queries.ts";
import { formatPlacesByType } from "./types.ts";
import { OLDEST_SHELVED, prepareOldest } from "./volume-rows.ts";
import type { Span } from "./volume.ts";

/*
 * The places of the blocks of a range: what is small of them, by which a reader passes over most. Their
 * bodies are read by block-bodies.ts.
 */

/** A block without its bodies. */
export interface LeanBlock {
  readonly first: Seq;
  readonly last: Seq;
  readonly edition: number;
  readonly index: string;
  /** How many bytes its bodies take. */
  readonly bytes: number;
  /** The place of its bodies, if it is in the archive. */
  readonly shelf?: Shelf;
  /** Its bodies, where they came with it: as digits, until somebody wants them. */
  readonly ahead?: WrittenBodies;
}

/** Bodies as D1 is asked for them: it writes bytes as numbers with commas otherwise. */
export interface WrittenBodies {
  readonly text: string;
  readonly raw: string | null;
}

/** A volume of the archive, and where in it a block's bodies are. */
export interface Shelf {
  readonly name: string;
  readonly text: Span;
  readonly raw: Span | null;
}

/** The columns of a block without its bodies; of these only the length is looked at. */
export const LEAN = `place & ${SEQ_MAX} AS first, last, edition, idx,
  length(text) + ifnull(length(raw), 0) AS bytes`;

/** A block as a row with these columns tells of it. */
export interface LeanRow {
  first: number | null;
  last: number;
  edition: number;
  idx: string;
  bytes: number;
  text?: string | null;
  raw?: string | null;
}

/** Reads a row of a block; null for one that says that there is none. */
export function readLeanRow({ first, last, edition, idx, ...row }: LeanRow): LeanBlock | null {
  if (first === null) return null;
  const lean = { first, last, edition, index: idx, bytes: row.bytes };
  const { text = null, raw = null } = row;
  return text === null ? lean : { ...lean, ahead: { text, raw } };
}

/** A range of a channel's history: after `after`, up to and with `upTo`. */
export interface Range {
  readonly channel: number;
  readonly after: Seq;
  readonly upTo: Seq;
}

// The first block that can hold something after a place: the last one that begins at or before it.
const LOWEST = `coalesce(
  (SELECT max(place) FROM blocks WHERE place <= ${formatPlace("?2 + 1")} AND place >= ${formatPlace("0")}),
  ${formatPlace("0")})`;

const HIGHEST = formatPlace("?3");

/** The beginning of a range: the seq of its oldest event that is kept, null for none. */
const OLDEST = `coalesce(
  (SELECT max(place & ${SEQ_MAX}, ?2 + 1) FROM blocks WHERE place = ${LOWEST} AND last > ?2 AND place <= ${HIGHEST}),
  (SELECT min(place) & ${SEQ_MAX} FROM blocks WHERE place > ${formatPlace("?2 + 1")} AND place <= ${HIGHEST}))`;

/** Bodies that are wanted in any case, and asked for with the blocks: a page without a filter has them. */
export interface Ahead {
  /** Of the first blocks, as far as they hold the first so many places of the range. */
  readonly places: number;
  readonly hasRaw: boolean;
  /** The blocks of which they are not wanted, by their first seq. */
  readonly known: readonly Seq[];
}

// A larger one is asked for by itself.
const AHEAD_BYTES = 64 * 1024;

/** Nothing of the range is in the archive, which comes first in it. */
const NOT_ARCHIVED = `ifnull((SELECT last FROM volumes
  WHERE place > ${formatPlace("0")} AND place <= ${HIGHEST} ORDER BY place DESC LIMIT 1), 0) <= ?2`;

function formatAhead(order: "asc" | "desc"): string {
  const isWanted = `${order === "asc" ? `place <= ${formatPlace("?2 + ?5")} AND ${NOT_ARCHIVED}` : "last > ?3 - ?5"}
    AND length(text) + ifnull(length(raw), 0) <= ${AHEAD_BYTES}
    AND place NOT IN (SELECT ${formatPlace("value")} FROM json_each(?7))`;
  return `iif(${isWanted}, hex(text), NULL) AS text,
    iif(?6 AND raw IS NOT NULL AND ${isWanted}, hex(raw), NULL) AS raw`;
}

/**
 * The last place before the first hole in the middle of what is kept of a range: blocks that lie far from
 * one another do not show it.
 */
const HOLE = `(SELECT min(after) FROM holes
  WHERE channel = ?1 AND after >= coalesce(${OLDEST_SHELVED}, ${OLDEST}) AND after < ?3)`;

/**
 * Asks for blocks of a range in the order asked for, at most `max`, and for the oldest seq that is
 * kept of it. `parseLeanBlocks` reads the answer.
 */
export function prepareLeanBlocks(
  db: Queries,
  range: Range & { readonly order: "asc" | "desc" },
  max: number,
  ahead: Ahead | null = null,
): D1PreparedStatement {
  const columns = ahead === null ? LEAN : `${LEAN}, ${formatAhead(range.order)}`;
  const more =
    ahead === null ? [] : [ahead.places, Number(ahead.hasRaw), JSON.stringify(ahead.known)];
  return db
    .prepare(
      `SELECT ${OLDEST} AS oldest, found.*
       FROM (SELECT NULL) LEFT JOIN (
         SELECT ${columns} FROM blocks WHERE place >= ${LOWEST} AND place <= ${HIGHEST}
         ORDER BY place ${formatOrder(range)} LIMIT ?4) AS found
       ORDER BY first ${formatOrder(range)}`,
    )
    .bind(range.channel, range.after, clamp(range.upTo), max, ...more);
}

/** Blocks that the database has of a range: what is older may be in the archive. */
export async function readLeanBlocks(
  db: Queries,
  range: Range & { readonly order: "asc" | "desc" },
  max: number,
): Promise<{ blocks: LeanBlock[]; oldest: Seq | null }> {
  return parseLeanBlocks(await prepareLeanBlocks(db, range, max).all());
}

/**
 * The same for blocks that hold one of these types, or of what a prefix with `*` stands for.
 */
export function prepareLeanBlocksByType(
  db: Queries,
  range: Range & { readonly order: "asc" | "desc"; readonly types: readonly string[] },
  max: number,
): D1PreparedStatement {
  const order = formatOrder(range);
  return db
    .prepare(
      `WITH RECURSIVE
         ${formatPlacesByType("block_types", LOWEST, order)}
       SELECT ${OLDEST} AS oldest, ${HOLE} AS hole, each.*
         FROM (SELECT NULL) LEFT JOIN (
           SELECT ${LEAN} FROM blocks WHERE place IN (SELECT place FROM places)) AS each
         ORDER BY first ${order}`,
    )
    .bind(range.channel, range.after, clamp(range.upTo), max, JSON.stringify(range.types));
}

/**
 * Reads blocks of a range, the oldest seq that is kept of it, and where they were asked for by type the
 * place before its first hole.
 */
export function parseLeanBlocks(answer: D1Result | undefined): {
  blocks: LeanBlock[];
  oldest: Seq | null;
  hole: Seq | null;
} {
  const rows = (answer?.results ?? []) as (LeanRow & {
    oldest: number | null;
    hole?: number | null;
  })[];
  const blocks = rows.map(readLeanRow).filter((block) => block !== null);
  return { blocks, oldest: rows[0]?.oldest ?? null, hole: rows[0]?.hole ?? null };
}

/** Notes that a part in the middle of a history is lost. */
export async function noteHole(
  db: Queries,
  channel: number,
  { after, first }: { readonly after: Seq; readonly first: Seq },
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO holes (channel, after, first) VALUES (?1, ?2, ?3)
       ON CONFLICT DO UPDATE SET first = ?3`,
    )
    .bind(channel, after, first)
    .run();
}

/** Reads the place after which a range that history was given is still kept. */
export async function findKeptAfter(
  db: Queries,
  channel: number,
  { after, upTo }: { after: Seq; upTo: Seq },
): Promise<Seq> {
  const [volume, block] = await db.batch<{ oldest: number | null }>([
    prepareOldest(db, { channel, after, upTo }),
    db.prepare(`SELECT ${OLDEST} AS oldest`).bind(channel, after, clamp(upTo)),
  ]);
  const oldest = volume?.results[0]?.oldest ?? block?.results[0]?.oldest ?? null;
  return oldest === null ? Math.max(after, upTo) : oldest - 1;
}

/** SQLite's places end there: nothing is recorded beyond. */
function clamp(seq: Seq): Seq {
  return Math.min(seq, SEQ_MAX);
}

function formatOrder({ order }: { readonly order: "asc" | "desc" }): "ASC" | "DESC" {
  return order === "asc" ? "ASC" : "DESC";
}
