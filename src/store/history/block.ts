import { z } from "zod";

import type { Seq } from "../../event/ids.ts";
import { hashWordsIn } from "../../event/words.ts";
import { makeBloom, WordList, type HashedWords } from "../../lib/bloom.ts";
import { countBytes } from "../../lib/bytes.ts";
import type { RecordedEvent } from "../logged-event.ts";
import { deflateText, inflateText } from "./deflate.ts";

/*
 * History in the form in which it is kept: consecutive events of one channel as one compressed
 * block. Events of a stream repeat themselves: 64 of them together take a sixth of what they take
 * one by one.
 */

/** The kinds and times of a block's events, by which a reader passes over what it does not want. */
const BlockIndex = z.object({
  /** Type, provider and platform. */
  kinds: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** For each event, which of these it is. */
  of: z.custom<readonly number[]>(isIntegers),
  /** When the first was recorded, and by how much later each of the others than the one before. */
  at: z.custom<readonly number[]>(isIntegers),
});

/** A look in one go: number by number, it took longer than all else of a page. */
function isIntegers(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => Number.isInteger(each));
}

/** The bodies of a block: what is read only where something of it is wanted. */
export interface BlockBodies {
  /** The events' texts, a line each, deflated. */
  readonly text: Uint8Array<ArrayBuffer>;
  /** The providers' words likewise; null where no event has any. */
  readonly raw: Uint8Array<ArrayBuffer> | null;
}

/** A block as it is stored, wherever that is. */
export interface PackedBlock extends BlockBodies {
  readonly first: Seq;
  readonly last: Seq;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly index: string;
  /** The words by which orders to erase find events, as a Bloom filter. */
  readonly words: Uint8Array<ArrayBuffer>;
}

/** An event as a block's index tells of it. */
export type IndexedEvent = Pick<RecordedEvent, "seq" | "type" | "provider" | "platform" | "at">;

/** Packs consecutive events, at least one. */
export async function packBlock(events: readonly RecordedEvent[]): Promise<PackedBlock> {
  const first = events[0];
  const last = events.at(-1);
  if (first === undefined || last === undefined) throw new Error("a block of nothing");
  const hasRaw = events.some(({ raw }) => raw !== null);
  const [text, raw] = await Promise.all([
    deflateText(events.map((event) => event.text).join("\n")),
    hasRaw ? deflateText(events.map((event) => event.raw ?? "null").join("\n")) : null,
  ]);
  return {
    first: first.seq,
    last: last.seq,
    firstAt: first.at,
    lastAt: last.at,
    index: JSON.stringify(makeIndex(events)),
    words: makeBloom(hashWords(events)),
    text,
    raw,
  };
}

/** How many bytes a block takes as a row, a little more than less. */
export function countBlockBytes({ index, words, text, raw }: PackedBlock): number {
  return countBytes(index) + words.length + text.length + (raw?.length ?? 0) + 100;
}

function makeIndex(events: readonly RecordedEvent[]): z.infer<typeof BlockIndex> {
  const kinds = new Map<string, number>();
  const of = events.map(({ type, provider, platform }) => {
    const kind = JSON.stringify([type, provider, platform]);
    const place = kinds.get(kind) ?? kinds.size;
    kinds.set(kind, place);
    return place;
  });
  const at = events.map((event, place) => event.at - (events[place - 1]?.at ?? 0));
  return {
    kinds: [...kinds.keys()].map((kind) => JSON.parse(kind) as [string, string, string]),
    of,
    at,
  };
}

// A block that grows is packed again and again, and its events stay what they are.
const wordsOf = new WeakMap<RecordedEvent, HashedWords>();

/** Hashes the words of events by which an order may find them. */
function hashWords(events: readonly RecordedEvent[]): HashedWords[] {
  const list = new WordList();
  return events.map((event) => {
    const known = wordsOf.get(event);
    if (known !== undefined) return known;
    hashWordsIn(event.text, "data", list);
    if (event.raw !== null) hashWordsIn(event.raw, null, list);
    const words = list.take();
    wordsOf.set(event, words);
    return words;
  });
}

/** Reads what a block's index says of its events. */
export function readIndex(first: Seq, index: string): IndexedEvent[] {
  const { kinds, of, at } = BlockIndex.parse(JSON.parse(index));
  let time = 0;
  return of.map((kind, place) => {
    time += at[place] ?? 0;
    const [type = "", provider = "", platform = ""] = kinds[kind] ?? [];
    return { seq: first + place, type, provider, platform, at: time };
  });
}

/** Unpacks a block's events. `raw` is null where the providers' words were not read. */
export async function unpackBlock(
  { first, index }: Pick<PackedBlock, "first" | "index">,
  bodies: BlockBodies,
): Promise<RecordedEvent[]> {
  return unpackEvents(readIndex(first, index), bodies);
}

/** The same where a block's index was read. */
export async function unpackEvents(
  indexed: readonly IndexedEvent[],
  bodies: BlockBodies,
): Promise<RecordedEvent[]> {
  const [text, raw] = await Promise.all([
    inflateText(bodies.text),
    bodies.raw === null ? null : inflateText(bodies.raw),
  ]);
  const texts = text.split("\n");
  const raws = raw?.split("\n");
  // A block may have grown since its index was read: what is beyond that is not asked for.
  return indexed.map((event, place) => {
    const words = raws?.[place] ?? "null";
    return { ...event, text: texts[place] ?? "", raw: words === "null" ? null : words };
  });
}
