import type { Erasable } from "../../event/erase-data.ts";
import {
  formatUserKey,
  listErasedPlaces,
  listSoughtWords,
  type Erasure,
} from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { Erasures } from "../../event/tombstone.ts";
import { hashWord, mayHold, type SoughtWord } from "../../lib/bloom.ts";
import { decodeHex } from "../../lib/hex.ts";
import type { RecordedEvent } from "../logged-event.ts";
import { maskOne } from "../mask.ts";
import { readBodies } from "./block-bodies.ts";
import { LEAN, readLeanRow, type LeanBlock, type LeanRow } from "./block-rows.ts";
import { packBlock, readIndex, unpackBlock } from "./block.ts";
import { formatPlace, replaceBlocks, SEQ_MAX } from "./blocks.ts";
import type { Queries } from "./queries.ts";

/*
 * Erasing in history: a block is read, masked and written back. Done by the channel's own object
 * only, between two appends.
 */

/** A part of a channel's history: these places, or whatever lies up to a place. */
export type Reach = { readonly seqs: readonly Seq[] } | { readonly upTo: Seq };

/** The outcome of a look. */
export interface Look {
  /** The place down to which everything was seen; what lies at it or before it was not. */
  readonly after: Seq;
  /** How many statements the database was asked. */
  readonly statements: number;
  /** The names of those whom an erasure is to forget, by their keys. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

// Blocks that one look asks about: a filter of words is some kilobytes of each.
const LOOK_BLOCKS = 64;

// What one look reads and writes anew, unless one block alone has more: some 5 ms of the object for
// each block, and what D1 is asked at once.
const CHANGE_BLOCKS = 16;
const CHANGE_BYTES = 1_000_000;

// More words than these are not looked for: whatever is of their platform is read.
const WORDS_MAX = 2_000;

interface LookedBlock extends LeanBlock {
  readonly words: Uint8Array;
}

/**
 * Makes tombstones of what several erasures reach in a part of a channel's history, from its end
 * downwards, as far as goes in one go. What they leave of an event is decided in one place, the same
 * for every store. Doing it again changes nothing.
 */
export async function eraseInHistory(
  db: Queries,
  channel: number,
  erasures: readonly Erasure[],
  reach: Reach,
): Promise<Look> {
  const looked = await readLooked(db, channel, reach);
  const seeks = makeSeeks(erasures);
  const reached = looked.filter((block) => seeks.some((seek) => mayReach(seek, block)));
  const now = takeSome(reached);
  const { statements, names } = await eraseInBlocks(db, channel, now, erasures);
  // What is left is below the last that was seen to; of what was only looked at there is nothing.
  const last = reached.length > now.length ? now.at(-1) : looked.at(-1);
  const isDone = reached.length === now.length && looked.length < LOOK_BLOCKS;
  return {
    after: isDone || last === undefined ? 0 : last.first - 1,
    statements: 1 + statements,
    names,
  };
}

/** The first blocks of those that may be reached: as many as are read and written in one go. */
function takeSome(blocks: readonly LookedBlock[]): readonly LookedBlock[] {
  let bytes = 0;
  const end = blocks.findIndex((block, place) => {
    bytes += block.bytes;
    return place === CHANGE_BLOCKS || (place > 0 && bytes > CHANGE_BYTES);
  });
  return end === -1 ? blocks : blocks.slice(0, end);
}

/** The blocks of a part of history, newest first, at most `LOOK_BLOCKS`. */
async function readLooked(db: Queries, channel: number, reach: Reach): Promise<LookedBlock[]> {
  const [where, bound] =
    "seqs" in reach
      ? [
          `place IN (
             SELECT (SELECT max(place) FROM blocks
                     WHERE place > ${formatPlace("0")} AND place <= ${formatPlace("value")})
             FROM json_each(?2))`,
          JSON.stringify(reach.seqs),
        ]
      : [
          `place > ${formatPlace("0")} AND place <= ${formatPlace("?2")}`,
          Math.min(reach.upTo, SEQ_MAX),
        ];
  const { results } = await db
    .prepare(
      `SELECT ${LEAN}, hex(words) AS words FROM blocks WHERE ${where}
       ORDER BY place DESC LIMIT ${LOOK_BLOCKS}`,
    )
    .bind(channel, bound)
    .all<LeanRow & { words: string }>();
  return results.flatMap((row) => {
    const block = readLeanRow(row);
    return block === null ? [] : [{ ...block, words: decodeHex(row.words) }];
  });
}

/** The words of an erasure, by which it finds what it reaches. */
export interface Seek {
  /** Null where it reaches events of any platform: somebody's key is nobody else's, wherever it stands. */
  readonly platform: string | null;
  readonly upTo: Seq;
  /** Null for everything. */
  readonly words: readonly SoughtWord[] | null;
  /** Places that are reached whatever words are there. */
  readonly places: readonly Seq[];
}

export function makeSeeks(erasures: readonly Erasure[]): Seek[] {
  let left = WORDS_MAX;
  return erasures.map((erasure): Seek => {
    const words = listSoughtWords(erasure);
    left -= words?.length ?? 0;
    const isSought = words !== null && left >= 0;
    const { platform, scope, seq: upTo } = erasure;
    const places = listErasedPlaces(erasure);
    const isByKey = "userId" in scope && scope.userId !== "";
    return {
      platform: isByKey ? null : platform,
      upTo,
      words: isSought ? words.map(hashWord) : null,
      places,
    };
  });
}

/** Can a block hold something that an erasure reaches? */
function mayReach(seek: Seek, { first, last, index, words }: LookedBlock): boolean {
  if (!mayBeSought(seek, { first, last }, words)) return false;
  return readIndex(first, index).some(({ platform }) => isOfPlatform(seek, platform));
}

/** May it reach something of a platform? */
export function isOfPlatform(seek: Seek, platform: string): boolean {
  return seek.platform === null || seek.platform === platform;
}

/** The same by where it is, and its filter of words. */
export function mayBeSought(
  { upTo, words, places }: Seek,
  { first, last }: { readonly first: Seq; readonly last: Seq },
  filter: Uint8Array,
): boolean {
  if (first > upTo) return false;
  if (places.some((place) => place >= first && place <= last)) return true;
  return words === null || words.some((word) => mayHold(filter, word));
}

async function eraseInBlocks(
  db: Queries,
  channel: number,
  blocks: readonly LookedBlock[],
  erasures: readonly Erasure[],
): Promise<Omit<Look, "after">> {
  const all = new Erasures(erasures);
  const names = new Names(erasures);
  const bodies = await readBodies(db, channel, blocks, true);
  const changed = [];
  for (const before of blocks) {
    const body = bodies.get(before.first);
    // Nobody else takes blocks away: it is looked for again.
    if (body === undefined) throw new Error("a block is gone");
    const events = await unpackBlock(before, body);
    const masked = events.map((event) => maskRecorded(event, all, names));
    if (masked.every((event, place) => event === events[place])) continue;
    changed.push({ before, block: await packBlock(masked) });
  }
  const asked = blocks.length === 0 ? 0 : 1;
  return { statements: asked + (await replaceBlocks(db, channel, changed)), names: names.found };
}

/** Leaves of an event what the erasures do; itself where they do not reach it. */
export function maskRecorded(event: RecordedEvent, all: Erasures, names: Names): RecordedEvent {
  const left = maskOne(event, all);
  if (left === null) return event;
  names.note(event);
  return { ...event, ...left };
}

/** The names of those who are to be forgotten, as they are met. */
export class Names {
  readonly found = new Map<string, readonly string[]>();
  readonly #people: readonly { readonly platform: string; readonly userId: string }[];

  constructor(erasures: readonly Erasure[]) {
    this.#people = erasures.flatMap(({ platform, scope }) =>
      scope.kind === "person" ? [{ platform, userId: scope.userId }] : [],
    );
  }

  note({ text }: RecordedEvent): void {
    for (const person of this.#people) {
      const key = formatUserKey(person);
      // It was written down as an event.
      const more = Erasures.listNames(JSON.parse(text) as Erasable, person);
      this.found.set(key, [...(this.found.get(key) ?? []), ...more]);
    }
  }
}
