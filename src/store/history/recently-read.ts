import type { Seq } from "../../event/ids.ts";
import { Weighed } from "../../lib/weighed.ts";
import type { RecordedEvent } from "../logged-event.ts";
import type { LeanBlock } from "./block-rows.ts";
import { readDirectory, type Directory } from "./volume.ts";

/*
 * History as it was read a moment ago, unpacked: a page begins in the block in which the one before it
 * ended, and clients that come back together read the same. The database is asked first, always: it
 * tells which block is there, in which edition or volume, and a volume's name is used once. So what was
 * erased is not read from here, and nobody has to be told of an erasure.
 */

// For all channels of an isolate, which has 128 MB: some twenty blocks, and what tells of ten volumes.
const BLOCKS_BYTES = 4 * 1024 * 1024;
const INDEXES_BYTES = 1024 * 1024;
const DIRECTORIES_BYTES = 1024 * 1024;

// A character takes two bytes at most; a directory becomes objects, which take more.
const CHARACTER_BYTES = 2;
const DIRECTORY_FACTOR = 10;

interface ReadBlock {
  readonly edition: string;
  /** Null for a volume's, which its name tells from all others. */
  readonly index: string | null;
  readonly events: readonly RecordedEvent[];
  readonly hasRaw: boolean;
}

const blocks = new Weighed<ReadBlock>(BLOCKS_BYTES);
const indexes = new Weighed<readonly string[]>(INDEXES_BYTES);
const directories = new Weighed<Directory>(DIRECTORIES_BYTES);

/** The events of a block that was read a moment ago; null where it was not, or is another by now. */
export function recallEvents(
  channel: number,
  block: LeanBlock,
  needsRaw: boolean,
): readonly RecordedEvent[] | null {
  const name = nameBlock(channel, block);
  const found = blocks.get(name);
  if (found === null) return null;
  if (found.edition !== nameEdition(block) || (found.index ?? block.index) !== block.index) {
    // It may be what was erased since: it is not kept any longer.
    blocks.drop(name);
    return null;
  }
  if (found.hasRaw === needsRaw) return found.events;
  return needsRaw ? null : found.events.map((event) => ({ ...event, raw: null }));
}

/** The blocks of a channel that were read a moment ago, by their first seq; they may be others by now. */
export function listRecent(channel: number): Seq[] {
  const own = `${channel}.`;
  return [...blocks.names()]
    .filter((name) => name.startsWith(own))
    .map((name) => Number(name.slice(own.length)));
}

/** Keeps a block's events for a moment. */
export function keepEvents(
  channel: number,
  block: LeanBlock,
  events: readonly RecordedEvent[],
  hasRaw: boolean,
): void {
  const index = block.shelf === undefined ? block.index : null;
  const edition = nameEdition(block);
  const characters = events.reduce(
    (sum, { text, raw }) => sum + text.length + (raw?.length ?? 0),
    index?.length ?? 0,
  );
  const bytes = characters * CHARACTER_BYTES;
  blocks.set(nameBlock(channel, block), { edition, index, events, hasRaw }, bytes);
}

function nameBlock(channel: number, { first }: LeanBlock): string {
  return `${channel}.${first}`;
}

function nameEdition({ last, edition, bytes, shelf }: LeanBlock): string {
  return shelf === undefined ? `${last}.${edition}.${bytes}` : shelf.name;
}

/** The indexes of a volume's blocks, from here or from where they are; null where they are gone. */
export async function recallIndexes(
  name: string,
  read: () => Promise<readonly string[] | null>,
): Promise<readonly string[] | null> {
  const known = indexes.get(name);
  if (known !== null) return known;
  const found = await read();
  if (found !== null) {
    const characters = found.reduce((sum, { length }) => sum + length, 0);
    indexes.set(name, found, characters * CHARACTER_BYTES);
  }
  return found;
}

/** The directory of a volume, by its text. */
export function recallDirectory(name: string, text: string): Directory {
  const known = directories.get(name);
  if (known !== null) return known;
  const directory = readDirectory(text);
  directories.set(name, directory, text.length * DIRECTORY_FACTOR);
  return directory;
}
