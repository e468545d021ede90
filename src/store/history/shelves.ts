import { matches, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { readVolumeIndexes } from "./block-bodies.ts";
import {
  parseLeanBlocks,
  prepareLeanBlocks,
  prepareLeanBlocksByType,
  type Ahead,
  type LeanBlock,
  type Range,
} from "./block-rows.ts";
import type { Queries } from "./queries.ts";
import { parseVolumes, prepareOldest, prepareVolumes, type Volume } from "./volume-rows.ts";
import type { ShelvedBlock } from "./volume.ts";

/*
 * The places of the blocks of a range, in the archive and in the database as one. Volumes are older than
 * blocks, and what moves from the one to the other does so in one statement: both are asked in one, or
 * the newer first.
 */

/** A part of history that is looked through. */
export interface LookQuery extends Range {
  readonly order: "asc" | "desc";
  readonly filter: Filter;
}

/** The next blocks of a range. */
export interface Looked {
  readonly blocks: readonly LeanBlock[];
  /** The oldest place of the range that is kept, null for none. */
  readonly oldest: Seq | null;
  /** There was no room for more than these. */
  readonly isCut: boolean;
  /** The place before the first hole that these may pass over; null for none that is known. */
  readonly hole: Seq | null;
}

// An index of each volume is read in which something may be wanted: it bounds what one look reads.
const VOLUMES = 8;

// Without a filter two volumes have more blocks than a page.
const VOLUMES_OF_ALL = 2;

/** No events: the index of a block of which nothing is wanted, and nothing read. */
const NOTHING = '{"kinds":[],"of":[],"at":[]}';

/**
 * Finds the next blocks of a range in which something may be wanted, at most `max`. `isByType`: only
 * those that hold one of the filter's types. `ahead`: what is wanted of their bodies at once. Null where a volume went meanwhile: it is another one now.
 */
export async function lookThrough(
  db: Queries,
  query: LookQuery,
  max: number,
  isByType: boolean,
  ahead: Ahead | null,
): Promise<Looked | null> {
  const rows = isByType
    ? prepareLeanBlocksByType(db, { ...query, types: query.filter.types }, max)
    : prepareLeanBlocks(db, query, max, ahead);
  const isAll = query.filter.types.length + query.filter.providers.length === 0;
  const limit = isAll && query.filter.platforms.length === 0 ? VOLUMES_OF_ALL : VOLUMES;
  const types = isByType ? query.filter.types : null;
  if (query.order === "asc") {
    const [older, newer] = await db.batch([prepareVolumes(db, { ...query, types, limit }), rows]);
    const found = parseLeanBlocks(newer);
    const { volumes, oldest: inArchive } = parseVolumes(older);
    const oldest = inArchive ?? found.oldest;
    const shelved = pick(volumes, query, max, limit);
    const blocks = await fill(db, shelved.blocks);
    if (blocks === null) return null;
    const { hole } = found;
    if (shelved.isCut) return { blocks, oldest, isCut: true, hole };
    const isCut = found.blocks.length === max;
    return { blocks: [...blocks, ...found.blocks], oldest, isCut, hole };
  }
  const [begin, newer] = await db.batch([prepareOldest(db, query), rows]);
  const found = parseLeanBlocks(newer);
  const inArchive = readOldest(begin);
  const oldest = inArchive ?? found.oldest;
  const isCut = found.blocks.length === max;
  // Going down no hole in the middle is told of.
  const hole = null;
  if (isCut || inArchive === null) return { blocks: found.blocks, oldest, isCut, hole };
  // What was moved since is found once: where it was.
  const upTo = Math.min(query.upTo, ...found.blocks.map(({ first }) => first - 1));
  const rest = { ...query, upTo };
  const { volumes } = parseVolumes(await prepareVolumes(db, { ...rest, types, limit }).all());
  const shelved = pick(volumes, rest, max - found.blocks.length, limit);
  const blocks = await fill(db, shelved.blocks);
  if (blocks === null) return null;
  return { blocks: [...found.blocks, ...blocks], oldest, isCut: shelved.isCut, hole };
}

function readOldest(answer: D1Result | undefined): Seq | null {
  return (answer?.results[0] as { oldest: number | null } | undefined)?.oldest ?? null;
}

/** A block of a volume, and whether something in it may be wanted. */
interface Picked {
  readonly volume: Volume;
  readonly place: number;
  readonly block: ShelvedBlock;
  readonly isWanted: boolean;
}

/** The blocks of volumes that lie in a range, up to so many in which something may be wanted. */
function pick(
  volumes: readonly Volume[],
  { after, upTo, order, filter }: LookQuery,
  max: number,
  limit: number,
): { blocks: readonly Picked[]; isCut: boolean } {
  const picked: Picked[] = [];
  let wanted = 0;
  for (const volume of volumes) {
    const blocks = volume.directory.blocks.map((block, place) => ({ block, place }));
    for (const { block, place } of order === "asc" ? blocks : blocks.toReversed()) {
      if (block.last <= after || block.first > upTo) continue;
      if (wanted === max) return { blocks: picked, isCut: true };
      const isWanted = block.kinds.some(([type, provider, platform]) =>
        matches(filter, { type, provider, platform }),
      );
      if (isWanted) wanted += 1;
      picked.push({ volume, place, block, isWanted });
    }
  }
  return { blocks: picked, isCut: volumes.length === limit };
}

/** Reads the indexes of blocks in which something may be wanted; null where a volume is gone. */
async function fill(db: Queries, picked: readonly Picked[]): Promise<LeanBlock[] | null> {
  const volumes = new Map(
    picked.flatMap(({ volume, isWanted }) => (isWanted ? [[volume.name, volume]] : [])),
  );
  const indexes = new Map<string, readonly string[]>();
  await Promise.all(
    [...volumes.values()].map(async ({ name, directory }) => {
      const found = await readVolumeIndexes(db, name, directory);
      if (found !== null) indexes.set(name, found);
    }),
  );
  if (indexes.size < volumes.size) return null;
  return picked.map(({ volume: { name }, place, block, isWanted }) => ({
    first: block.first,
    last: block.last,
    edition: 0,
    index: isWanted ? (indexes.get(name)?.[place] ?? NOTHING) : NOTHING,
    bytes: block.text.length + (block.raw?.length ?? 0),
    shelf: { name, text: block.text, raw: block.raw },
  }));
}
