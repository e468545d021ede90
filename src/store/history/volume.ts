import { z } from "zod";

import type { Seq } from "../../event/ids.ts";
import { readIndex, type PackedBlock } from "./block.ts";
import { deflateText, inflateText } from "./deflate.ts";

/*
 * The archive's form: consecutive blocks of one channel as one volume, an object of R2. A volume is
 * never changed, so that what was read of it stays true. Its directory says where in it everything
 * is, and is kept in the database, where it is read without touching the volume.
 *
 * In the volume: the blocks' indexes deflated together, their filters of words, their texts, their raw
 * payloads, and the directory once more, for the day on which the database has not got it.
 */

/** How many blocks a volume has at most. */
export const VOLUME_BLOCKS = 64;

/** How many bytes of blocks: a volume is held in memory when it is made, and once more when it is sent. */
export const VOLUME_BYTES = 8 * 1024 * 1024;

/** Type, provider and platform of events. */
type Kind = readonly [type: string, provider: string, platform: string];

/** Bytes of a volume. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A block as its volume's directory tells of it. */
export interface ShelvedBlock {
  readonly first: Seq;
  readonly last: Seq;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly kinds: readonly Kind[];
  readonly words: Span;
  readonly text: Span;
  readonly raw: Span | null;
}

/** The contents of a volume, and their places in it. */
export interface Directory {
  readonly blocks: readonly ShelvedBlock[];
  readonly indexes: Span;
  /** The filters of all blocks, one after the other. */
  readonly words: Span;
}

// One row for thousands of events: numbers by their places, each seq and time by what it is more than
// the one before.
type WrittenBlock = readonly [
  first: number,
  more: number,
  wait: number,
  lasted: number,
  kinds: readonly number[],
  words: number,
  text: number,
  raw: number | null,
];

const Written = z.object({
  indexes: z.int().min(0),
  kinds: z.array(z.tuple([z.string(), z.string(), z.string()])),
  blocks: z.array(z.custom<WrittenBlock>(isWrittenBlock)),
});

/** A look in one go, as at a block's index. */
function isWrittenBlock(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 8) return false;
  const [kinds, raw]: unknown[] = [value[4], value[7]];
  return (
    Array.isArray(kinds) &&
    kinds.every(isCount) &&
    (raw === null || isCount(raw)) &&
    [0, 1, 2, 3, 5, 6].every((place) => isCount(value[place]))
  );
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

/** A volume as the database is told of it. */
export interface VolumeRecord {
  readonly directory: string;
  readonly first: Seq;
  readonly last: Seq;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly types: readonly string[];
}

/** A volume that is ready to be put away. */
export interface PackedVolume extends VolumeRecord {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Packs consecutive blocks, at least one. */
export async function packVolume(blocks: readonly PackedBlock[]): Promise<PackedVolume> {
  const indexes = await deflateText(blocks.map(({ index }) => index).join("\n"));
  const directory = writeDirectory(blocks, indexes.length);
  const raws = blocks.flatMap(({ raw }) => (raw === null ? [] : [raw]));
  return {
    ...describeVolume(directory),
    bytes: join([
      indexes,
      ...blocks.map(({ words }) => words),
      ...blocks.map(({ text }) => text),
      ...raws,
      new TextEncoder().encode(directory),
    ]),
  };
}

/** Reads what the database is told of a volume off its directory. Throws where that is none. */
export function describeVolume(directory: string): VolumeRecord {
  const { blocks } = readDirectory(directory);
  const first = blocks[0];
  const last = blocks.at(-1);
  if (first === undefined || last === undefined) throw new Error("a volume of nothing");
  return {
    directory,
    first: first.first,
    last: last.last,
    firstAt: first.firstAt,
    lastAt: last.lastAt,
    types: [...new Set(blocks.flatMap(({ kinds }) => kinds.map(([type]) => type)))],
  };
}

function writeDirectory(blocks: readonly PackedBlock[], indexes: number): string {
  const kinds = new Map<string, number>();
  let before = { last: 0, lastAt: 0 };
  const written = blocks.map((block): WrittenBlock => {
    const { first, last, firstAt, lastAt, words, text, raw } = block;
    const own = listKinds(block).map((kind) => {
      const key = JSON.stringify(kind);
      const place = kinds.get(key) ?? kinds.size;
      kinds.set(key, place);
      return place;
    });
    const after = before;
    before = { last, lastAt };
    return [
      first - after.last,
      last - first,
      firstAt - after.lastAt,
      lastAt - firstAt,
      own,
      words.length,
      text.length,
      raw?.length ?? null,
    ];
  });
  const names = [...kinds.keys()].map((kind) => JSON.parse(kind) as [string, string, string]);
  const directory: z.infer<typeof Written> = { indexes, kinds: names, blocks: written };
  return JSON.stringify(directory);
}

function listKinds({ first, index }: PackedBlock): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { type, provider, platform } of readIndex(first, index)) {
    const kind: Kind = [type, provider, platform];
    kinds.set(JSON.stringify(kind), kind);
  }
  return [...kinds.values()];
}

/** Reads a directory. Throws where it is none. */
export function readDirectory(directory: string): Directory {
  const { indexes, kinds, blocks } = Written.parse(JSON.parse(directory));
  const sum = (of: (block: (typeof blocks)[number]) => number): number =>
    blocks.reduce((total, block) => total + of(block), 0);
  let words = indexes;
  let text = words + sum(([, , , , , length]) => length);
  let raw = text + sum(([, , , , , , length]) => length);
  let last = 0;
  let lastAt = 0;
  const allWords = { offset: words, length: text - words };
  const shelved = blocks.map(
    ([gap, more, wait, lasted, own, wordsLength, textLength, rawLength]) => {
      const first = last + gap;
      const firstAt = lastAt + wait;
      last = first + more;
      lastAt = firstAt + lasted;
      const block: ShelvedBlock = {
        first,
        last,
        firstAt,
        lastAt,
        kinds: own.flatMap((place) => kinds.slice(place, place + 1)),
        words: { offset: words, length: wordsLength },
        text: { offset: text, length: textLength },
        raw: rawLength === null ? null : { offset: raw, length: rawLength },
      };
      words += wordsLength;
      text += textLength;
      raw += rawLength ?? 0;
      return block;
    },
  );
  return { blocks: shelved, indexes: { offset: 0, length: indexes }, words: allWords };
}

/** Reads the blocks' indexes, of the bytes that have them, in the order of the blocks. */
export async function readIndexes(bytes: Uint8Array<ArrayBuffer>): Promise<readonly string[]> {
  return (await inflateText(bytes)).split("\n");
}

/** Takes a whole volume apart again. */
export async function unpackVolume(
  bytes: Uint8Array<ArrayBuffer>,
  directory: Directory,
): Promise<PackedBlock[]> {
  const cut = ({ offset, length }: Span): Uint8Array<ArrayBuffer> =>
    bytes.subarray(offset, offset + length);
  const indexes = await readIndexes(cut(directory.indexes));
  return directory.blocks.map(({ first, last, firstAt, lastAt, words, text, raw }, place) => ({
    first,
    last,
    firstAt,
    lastAt,
    index: indexes[place] ?? "",
    words: cut(words),
    text: cut(text),
    raw: raw === null ? null : cut(raw),
  }));
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
