import type { Seq } from "../../event/ids.ts";
import { decodeHex } from "../../lib/hex.ts";
import type { RecordedEvent } from "../logged-event.ts";
import { unpackBlock, type PackedBlock } from "./block.ts";
import { formatPlace, SEQ_MAX, type Queries } from "./blocks.ts";

/*
 * The reading of blocks: first what is small of them, by which a reader passes over most, and then
 * the bodies of those that it wants.
 */

/** A block without its bodies. */
export interface LeanBlock {
  readonly first: Seq;
  readonly last: Seq;
  readonly index: string;
}

/** A stretch of a channel's history: after `after`, up to and with `upTo`. */
export interface Stretch {
  readonly channel: number;
  readonly after: Seq;
  readonly upTo: Seq;
}

// The first block that can hold something after a place: the last one that begins at or before it.
const LOWEST = `coalesce(
  (SELECT max(place) FROM blocks WHERE place <= ${formatPlace("?2 + 1")} AND place >= ${formatPlace("0")}),
  ${formatPlace("0")})`;

const HIGHEST = formatPlace("?3");

/** Where a stretch begins: the seq of its oldest event that is kept, null for none. */
const OLDEST = `coalesce(
  (SELECT max(place & ${SEQ_MAX}, ?2 + 1) FROM blocks WHERE place = ${LOWEST} AND last > ?2 AND place <= ${HIGHEST}),
  (SELECT min(place) & ${SEQ_MAX} FROM blocks WHERE place > ${formatPlace("?2 + 1")} AND place <= ${HIGHEST}))`;

/** Blocks of a stretch in the order asked for, at most `max`, and the oldest seq that is kept of it. */
export async function readLeanBlocks(
  db: Queries,
  stretch: Stretch & { readonly order: "asc" | "desc" },
  max: number,
): Promise<{ blocks: LeanBlock[]; oldest: Seq | null }> {
  return readLean(
    db
      .prepare(
        `SELECT ${OLDEST} AS oldest, place & ${SEQ_MAX} AS first, last, idx
         FROM (SELECT NULL) LEFT JOIN (
           SELECT place, last, idx FROM blocks WHERE place >= ${LOWEST} AND place <= ${HIGHEST}
           ORDER BY place ${formatOrder(stretch)} LIMIT ?4)
         ORDER BY place ${formatOrder(stretch)}`,
      )
      .bind(stretch.channel, stretch.after, clamp(stretch.upTo), max),
  );
}

/**
 * The same for blocks that hold one of these types, or of what a prefix with `*` stands for. First
 * the types that the channel has and that are named, then the first blocks of each, then the first
 * of these. They are a list and not a join: a join the planner may turn round, and walk the channel.
 */
export async function readLeanBlocksByType(
  db: Queries,
  stretch: Stretch & { readonly order: "asc" | "desc"; readonly types: readonly string[] },
  max: number,
): Promise<{ blocks: LeanBlock[]; oldest: Seq | null }> {
  const order = formatOrder(stretch);
  return readLean(
    db
      .prepare(
        `WITH RECURSIVE
         present(type) AS (
           SELECT (SELECT min(type) FROM block_types WHERE channel = ?1)
           UNION ALL
           SELECT (SELECT min(type) FROM block_types WHERE channel = ?1 AND type > present.type)
           FROM present WHERE present.type IS NOT NULL
         ),
         wanted(type) AS (
           SELECT DISTINCT present.type FROM present, json_each(?5) AS named
           WHERE present.type = named.value
             OR (substr(named.value, -1) = '*'
                 AND substr(present.type, 1, length(named.value) - 1)
                   = substr(named.value, 1, length(named.value) - 1))
         ),
         found(firsts) AS (
           SELECT (SELECT json_group_array(first) FROM (
             SELECT first FROM block_types
             WHERE channel = ?1 AND type = wanted.type
               AND first >= (SELECT ${LOWEST} & ${SEQ_MAX}) AND first <= ?3
             ORDER BY first ${order} LIMIT ?4))
           FROM wanted
         ),
         places(place) AS (
           SELECT DISTINCT ${formatPlace("each.value")} FROM found, json_each(found.firsts) AS each
           ORDER BY 1 ${order} LIMIT ?4
         )
         SELECT ${OLDEST} AS oldest, place & ${SEQ_MAX} AS first, last, idx
         FROM (SELECT NULL) LEFT JOIN (
           SELECT place, last, idx FROM blocks WHERE place IN (SELECT place FROM places))
         ORDER BY place ${order}`,
      )
      .bind(
        stretch.channel,
        stretch.after,
        clamp(stretch.upTo),
        max,
        JSON.stringify(stretch.types),
      ),
  );
}

interface LeanRow {
  oldest: number | null;
  first: number | null;
  last: number;
  idx: string;
}

async function readLean(
  statement: D1PreparedStatement,
): Promise<{ blocks: LeanBlock[]; oldest: Seq | null }> {
  const { results } = await statement.all<LeanRow>();
  const blocks = results.flatMap(({ first, last, idx }) =>
    first === null ? [] : [{ first, last, index: idx }],
  );
  return { blocks, oldest: results[0]?.oldest ?? null };
}

/** Reads the place after which a stretch that history was given is still kept. */
export async function findKeptAfter(
  db: Queries,
  channel: number,
  { after, upTo }: { after: Seq; upTo: Seq },
): Promise<Seq> {
  const row = await db
    .prepare(`SELECT ${OLDEST} AS oldest`)
    .bind(channel, after, clamp(upTo))
    .first<{ oldest: number | null }>();
  const oldest = row?.oldest ?? null;
  return oldest === null ? Math.max(after, upTo) : oldest - 1;
}

/** The bodies of blocks, by their first seq; those that are gone by now are left out. */
export async function readBodies(
  db: Queries,
  channel: number,
  firsts: readonly Seq[],
  hasRaw: boolean,
): Promise<Map<Seq, Pick<PackedBlock, "text" | "raw">>> {
  if (firsts.length === 0) return new Map();
  const { results } = await db
    .prepare(
      `SELECT place & ${SEQ_MAX} AS first, hex(text) AS text, ${hasRaw ? "iif(raw IS NULL, NULL, hex(raw))" : "NULL"} AS raw
       FROM blocks WHERE place IN (SELECT ${formatPlace("value")} FROM json_each(?2))`,
    )
    .bind(channel, JSON.stringify(firsts))
    .all<{ first: number; text: string; raw: string | null }>();
  return new Map(
    results.map(({ first, text, raw }) => [
      first,
      { text: decodeHex(text), raw: raw === null ? null : decodeHex(raw) },
    ]),
  );
}

/** Reads the events of a channel's newest block; none where it has no history. */
export async function readNewestBlock(db: Queries, channel: number): Promise<RecordedEvent[]> {
  const row = await db
    .prepare(
      `SELECT place & ${SEQ_MAX} AS first, idx, hex(text) AS text, iif(raw IS NULL, NULL, hex(raw)) AS raw
       FROM blocks WHERE place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}
       ORDER BY place DESC LIMIT 1`,
    )
    .bind(channel)
    .first<{ first: number; idx: string; text: string; raw: string | null }>();
  if (row === null) return [];
  const { first, idx: index, text, raw } = row;
  const bodies = { text: decodeHex(text), raw: raw === null ? null : decodeHex(raw) };
  return unpackBlock({ first, index }, bodies);
}

/** SQLite's places end there: nothing is recorded beyond. */
function clamp(seq: Seq): Seq {
  return Math.min(seq, SEQ_MAX);
}

function formatOrder({ order }: { readonly order: "asc" | "desc" }): "ASC" | "DESC" {
  return order === "asc" ? "ASC" : "DESC";
}
