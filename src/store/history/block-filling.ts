import { countBytes } from "../../lib/bytes.ts";
import type { RecordedEvent } from "../logged-event.ts";

/*
 * How events are divided into blocks. It depends on the events before a cut only, so that doing it
 * again with more of them makes the same blocks, or longer last ones.
 */

/** How many events a block has at most. */
export const BLOCK_EVENTS = 128;

// More of one block is read than what was asked for: this bounds how much more.
const BLOCK_TEXT_BYTES = 64 * 1024;

// D1 takes rows of 2,000,000 bytes; providers' words are far less than that even if nothing of them
// can be compressed.
const BLOCK_RAW_BYTES = 512 * 1024;

interface Size {
  readonly text: number;
  readonly raw: number;
}

const NOTHING: Size = { text: 0, raw: 0 };

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
    if (block.length > 0 && !hasRoom(block, size, more, event)) {
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
  return !hasRoom(events, sumSizes(events), { text: 1, raw: 1 });
}

/** Is there room for one more in a block? One that does not follow on it begins another. */
function hasRoom(
  block: readonly RecordedEvent[],
  size: Size,
  more: Size,
  event?: RecordedEvent,
): boolean {
  if (block.length >= BLOCK_EVENTS || size.text + more.text > BLOCK_TEXT_BYTES) return false;
  if (event !== undefined && event.seq !== (block.at(-1)?.seq ?? 0) + 1) return false;
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
