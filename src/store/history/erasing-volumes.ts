import type { Erasure } from "../../event/erasure.ts";
import { Erasures } from "../../event/tombstone.ts";
import { packBlock, unpackBlock, type PackedBlock } from "./block.ts";
import { ArchiveError, openArchive, readVolume } from "./bucket.ts";
import {
  isOfPlatform,
  makeSeeks,
  maskRecorded,
  mayBeSought,
  Names,
  type Look,
  type Reach,
  type Seek,
} from "./erasing.ts";
import type { Queries } from "./queries.ts";
import { readVolumeBlocks } from "./shelving.ts";
import { findVolumeAt, type Volume } from "./volume-rows.ts";
import type { ShelvedBlock } from "./volume.ts";

/*
 * Erasing in the archive: a volume at a time, from the newest downwards. What it is to be replaced by
 * is found here; the channel's object replaces it.
 */

/** The outcome of a look at a volume. */
export interface VolumeLook extends Look {
  /** The volume with what is left of its blocks, where anything of it was reached. */
  readonly change: { readonly before: Volume; readonly blocks: readonly PackedBlock[] } | null;
}

/**
 * Looks at the newest volume of a part of a channel's history for what several erasures reach. Its
 * directory and its filters of words are read first: most volumes are passed over by them.
 */
export async function eraseInVolume(
  db: Queries,
  channel: number,
  erasures: readonly Erasure[],
  reach: Reach,
): Promise<VolumeLook> {
  const nobody = { statements: 1, names: new Map(), change: null };
  const upTo = "seqs" in reach ? Math.max(...reach.seqs) : reach.upTo;
  const volume = await findVolumeAt(db, channel, upTo);
  if (volume === null) return { ...nobody, after: 0 };
  const seen = { ...nobody, after: volume.first - 1 };
  const reached = await listReached(db, volume, makeSeeks(erasures), reach);
  if (reached.size === 0) return seen;
  const blocks = await readVolumeBlocks(db, volume);
  if (blocks === null) throw makeMissing(volume);
  const all = new Erasures(erasures);
  const names = new Names(erasures);
  const left: PackedBlock[] = [];
  for (const [place, block] of blocks.entries()) {
    left.push(reached.has(place) ? await eraseInBlock(block, all, names) : block);
  }
  const isChanged = left.some((block, place) => block !== blocks[place]);
  if (!isChanged) return { ...seen, names: names.found };
  return { ...seen, names: names.found, change: { before: volume, blocks: left } };
}

async function eraseInBlock(
  block: PackedBlock,
  erasures: Erasures,
  names: Names,
): Promise<PackedBlock> {
  const events = await unpackBlock(block, block);
  const masked = events.map((event) => maskRecorded(event, erasures, names));
  return masked.every((event, place) => event === events[place]) ? block : packBlock(masked);
}

/** Finds the blocks of a volume that may hold something that is reached, by their places in it. */
async function listReached(
  db: Queries,
  { name, directory }: Volume,
  seeks: readonly Seek[],
  reach: Reach,
): Promise<ReadonlySet<number>> {
  const isIn = ({ first, last }: ShelvedBlock): boolean =>
    "seqs" in reach ? reach.seqs.some((seq) => seq >= first && seq <= last) : first <= reach.upTo;
  const seeksOf = ({ kinds }: ShelvedBlock): Seek[] =>
    seeks.filter((seek) => kinds.some(([, , platform]) => isOfPlatform(seek, platform)));
  const some = [...directory.blocks.entries()].filter(
    ([, block]) => isIn(block) && seeksOf(block).length > 0,
  );
  if (some.length === 0) return new Set();
  const filters = await readVolume(openArchive(db), name, directory.words);
  if (filters === null) throw makeMissing({ name });
  return new Set(
    some.flatMap(([place, block]) => {
      const at = block.words.offset - directory.words.offset;
      const filter = filters.subarray(at, at + block.words.length);
      return seeksOf(block).some((seek) => mayBeSought(seek, block, filter)) ? [place] : [];
    }),
  );
}

/** Nobody else takes volumes away: it is looked for again. */
function makeMissing({ name }: Pick<Volume, "name">): ArchiveError {
  return new ArchiveError(new Error(`the volume ${name} is not there`));
}
