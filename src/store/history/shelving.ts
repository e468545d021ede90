import type { Seq } from "../../event/ids.ts";
import { decodeHex } from "../../lib/hex.ts";
import { unpackBlock, packBlock, type PackedBlock } from "./block.ts";
import { formatPlace, SEQ_MAX } from "./blocks.ts";
import { openArchive, readVolume } from "./bucket.ts";
import type { Queries } from "./queries.ts";
import type { Volume } from "./volume-rows.ts";
import { unpackVolume, VOLUME_BLOCKS, VOLUME_BYTES } from "./volume.ts";
import type { FoundBlocks } from "./volumes.ts";

/*
 * The parts of a volume: blocks of the database, or those of another volume.
 */

/** Blocks that become a volume. */
export interface Shelvable {
  readonly blocks: readonly PackedBlock[];
  readonly found: FoundBlocks;
}

/** The blocks that are to be put away next, or when there are some. */
export type NextShelvable =
  | { readonly kind: "blocks"; readonly firsts: readonly Seq[]; readonly found: FoundBlocks }
  /** There is enough for a volume, whose last event was recorded then. */
  | { readonly kind: "young"; readonly lastAt: number }
  | { readonly kind: "nothing" };

/**
 * Finds the oldest blocks of a channel that make a volume, if they were all recorded before a time.
 * The newest block stays: the end of a history is always in the database.
 */
export async function findShelvable(
  db: Queries,
  channel: number,
  time: number,
  most = VOLUME_BLOCKS,
): Promise<NextShelvable> {
  const { results } = await db
    .prepare(
      `SELECT place & ${SEQ_MAX} AS first, edition, last_at,
         length(idx) + length(words) + length(text) + ifnull(length(raw), 0) AS bytes
       FROM blocks WHERE place > ${formatPlace("0")} AND place <= ${formatPlace(String(SEQ_MAX))}
       ORDER BY place LIMIT ?2`,
    )
    .bind(channel, most + 1)
    .all<{ first: number; edition: number; last_at: number; bytes: number }>();
  let bytes = 0;
  const full = results.findIndex((row, place) => {
    bytes += row.bytes;
    return place === most || (place > 0 && bytes > VOLUME_BYTES);
  });
  const some = results.slice(0, Math.max(0, full));
  const last = some.at(-1);
  if (last === undefined) return { kind: "nothing" };
  if (last.last_at >= time) return { kind: "young", lastAt: last.last_at };
  const editions = some.reduce((sum, { edition }) => sum + edition, 0);
  const firsts = some.map(({ first }) => first);
  return { kind: "blocks", firsts, found: { count: some.length, editions } };
}

// As much as is asked for at once: D1's answers have it twice over, as digits.
const AT_ONCE = 8;

/** Reads whole blocks of the database. */
export async function readBlocks(
  db: Queries,
  channel: number,
  firsts: readonly Seq[],
): Promise<PackedBlock[]> {
  const blocks: PackedBlock[] = [];
  for (let at = 0; at < firsts.length; at += AT_ONCE) {
    const { results } = await db
      .prepare(
        `SELECT place & ${SEQ_MAX} AS first, last, first_at, last_at, idx, hex(words) AS words,
           hex(text) AS text, iif(raw IS NULL, NULL, hex(raw)) AS raw
         FROM blocks WHERE place IN (SELECT ${formatPlace("value")} FROM json_each(?2))
         ORDER BY place`,
      )
      .bind(channel, JSON.stringify(firsts.slice(at, at + AT_ONCE)))
      .all<WholeRow>();
    blocks.push(...results.map(readWholeRow));
  }
  return blocks;
}

interface WholeRow {
  first: number;
  last: number;
  first_at: number;
  last_at: number;
  idx: string;
  words: string;
  text: string;
  raw: string | null;
}

function readWholeRow(row: WholeRow): PackedBlock {
  return {
    first: row.first,
    last: row.last,
    firstAt: row.first_at,
    lastAt: row.last_at,
    index: row.idx,
    words: decodeHex(row.words),
    text: decodeHex(row.text),
    raw: row.raw === null ? null : decodeHex(row.raw),
  };
}

/** Reads a whole volume's blocks; null where it is gone. */
export async function readVolumeBlocks(
  db: Queries,
  { name, directory }: Volume,
): Promise<PackedBlock[] | null> {
  const bytes = await readVolume(openArchive(db), name);
  return bytes === null ? null : unpackVolume(bytes, directory);
}

/** Cuts off a volume's blocks what was recorded before a time. */
export async function trimBlocks(
  blocks: readonly PackedBlock[],
  time: number,
): Promise<readonly PackedBlock[]> {
  const kept = blocks.filter(({ lastAt }) => lastAt >= time);
  const [first, ...rest] = kept;
  if (first === undefined || first.firstAt >= time) return kept;
  const events = (await unpackBlock(first, first)).filter(({ at }) => at >= time);
  return events.length === 0 ? rest : [await packBlock(events), ...rest];
}
