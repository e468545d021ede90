import { z } from "zod";

import type { Seq } from "../../event/ids.ts";
import { makeBloom } from "../../lib/bloom.ts";
import { countBytes } from "../../lib/bytes.ts";
import { deflateText, inflateText } from "../../lib/deflate.ts";
import { isRecord } from "../../lib/json.ts";
import type { RecordedEvent } from "../logged-event.ts";

/*
 * History in the form in which it is kept: consecutive events of one channel as one compressed
 * block. Events of a stream repeat themselves: 64 of them together take a sixth of what they take
 * one by one.
 */

/** How many events a block has at most. */
export const BLOCK_EVENTS = 128;

// More of one block is read than what was asked for: this bounds how much more.
const BLOCK_TEXT_BYTES = 64 * 1024;

// D1 takes values of 2,000,000 bytes; providers' words are a little less than that even if nothing
// of them can be compressed.
const BLOCK_RAW_BYTES = 512 * 1024;

/** The kinds and times of a block's events, by which a reader passes over what it does not want. */
const BlockIndex = z.object({
  /** Type, provider and platform. */
  kinds: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** For each event, which of these it is. */
  of: z.array(z.int()),
  /** When the first was recorded, and by how much later each of the others than the one before. */
  at: z.array(z.int()),
});

/** A block as a row of the database has it. */
export interface PackedBlock {
  readonly first: Seq;
  readonly last: Seq;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly index: string;
  /** The ids in its events, as a Bloom filter: whether an erasure can reach anything here. */
  readonly ids: Uint8Array<ArrayBuffer>;
  /** The events' texts, a line each, deflated. */
  readonly text: Uint8Array<ArrayBuffer>;
  /** The providers' words likewise; null where no event has any. */
  readonly raw: Uint8Array<ArrayBuffer> | null;
}

/** An event as a block's index tells of it. */
export type IndexedEvent = Pick<RecordedEvent, "seq" | "type" | "provider" | "platform" | "at">;

/**
 * Adds events to an open block, and cuts what it has no room for into further ones: each as full as
 * its limits let it be. The open one comes first, where there is one.
 */
export function fillBlocks(
  open: readonly RecordedEvent[],
  events: readonly RecordedEvent[],
): RecordedEvent[][] {
  const blocks: RecordedEvent[][] = [];
  let block = [...open];
  let size = sumSizes(open);
  for (const event of events) {
    const more = measure(event);
    if (block.length > 0 && !hasRoom(block.length, size, more)) {
      blocks.push(block);
      block = [];
      size = NOTHING;
    }
    block.push(event);
    size = add(size, more);
  }
  return block.length === 0 ? blocks : [...blocks, block];
}

/** Is a block at one of its limits, so that nothing is added to it? */
export function isFull(events: readonly RecordedEvent[]): boolean {
  return !hasRoom(events.length, sumSizes(events), { text: 1, raw: 1 });
}

interface Size {
  readonly text: number;
  readonly raw: number;
}

const NOTHING: Size = { text: 0, raw: 0 };

function hasRoom(count: number, size: Size, more: Size): boolean {
  if (count >= BLOCK_EVENTS || size.text + more.text > BLOCK_TEXT_BYTES) return false;
  return size.raw + more.raw <= BLOCK_RAW_BYTES;
}

function sumSizes(events: readonly RecordedEvent[]): Size {
  return events.reduce((sum, event) => add(sum, measure(event)), NOTHING);
}

function add(one: Size, other: Size): Size {
  return { text: one.text + other.text, raw: one.raw + other.raw };
}

function measure({ text, raw }: RecordedEvent): Size {
  return { text: countBytes(text) + 1, raw: raw === null ? 0 : countBytes(raw) + 1 };
}

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
    ids: makeBloom(new Set(events.flatMap(listIds))),
    text,
    raw,
  };
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

/** Lists every id in an event: of its message, and of whoever it names. */
function listIds({ text }: RecordedEvent): string[] {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) look(each);
    else if (isRecord(value)) {
      for (const [name, each] of Object.entries(value)) {
        if (name === "id" && typeof each === "string") found.push(each);
        else look(each);
      }
    }
  };
  const event: unknown = JSON.parse(text);
  if (isRecord(event)) look(event["data"]);
  return found;
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
  bodies: Pick<PackedBlock, "text" | "raw">,
): Promise<RecordedEvent[]> {
  const [text, raw] = await Promise.all([
    inflateText(bodies.text),
    bodies.raw === null ? null : inflateText(bodies.raw),
  ]);
  const texts = text.split("\n");
  const raws = raw?.split("\n");
  // A block may have grown since its index was read: what is beyond that is not asked for.
  return readIndex(first, index).map((event, place) => {
    const words = raws?.[place] ?? "null";
    return { ...event, text: texts[place] ?? "", raw: words === "null" ? null : words };
  });
}

/**
 * Less and less of an event, for a store that refuses it: without its provider's words, and then
 * without its data. It keeps its place, and what it is.
 */
export function reduceEvent(event: RecordedEvent): readonly RecordedEvent[] {
  const without = { ...event, raw: null };
  const whole = JSON.parse(event.text) as object;
  return [without, { ...without, text: JSON.stringify({ ...whole, data: {} }) }];
}
