import { isEverything, matches, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { countPageBytes, PAGE_MAX_BYTES, type LoggedEvent } from "../logged-event.ts";
import { listReadings, readEvents, type IndexedBlock } from "./block-bodies.ts";
import type { Ahead, LeanBlock } from "./block-rows.ts";
import { readIndex, type IndexedEvent } from "./block.ts";
import { ArchiveError } from "./bucket.ts";
import type { Queries } from "./queries.ts";
import { listRecent } from "./recently-read.ts";
import { lookThrough } from "./shelves.ts";

/**
 * Which range of a channel's history is read: after `after`, up to `upTo`, one way or the other.
 */
export interface PageQuery {
  readonly channel: number;
  readonly after: Seq;
  readonly upTo: Seq;
  readonly order: "asc" | "desc";
  readonly limit: number;
  /** How many bytes of events the page carries at most, where that is less than any other's. */
  readonly maxBytes?: number;
  readonly filter: Filter;
  /** Read the providers' words as well. */
  readonly raw?: boolean;
}

/**
 * Events in the order asked for, and whether the range has more. A page says no more than it
 * gives: everything between `from` and `seenTo` that the filter lets through is in `events`.
 */
export interface Page {
  readonly events: readonly LoggedEvent[];
  /** The place that the range begins after; later than asked for where its beginning is gone. */
  readonly from: Seq;
  /** How far the range has been seen to: upwards from `from`, or downwards from its end. */
  readonly seenTo: Seq;
  readonly hasMore: boolean;
}

// Blocks looked at for one page of a filter: it bounds the time of a page whose filter lets next to
// nothing through. Such a page may be short, and says how far it has seen.
const LOOK_BLOCKS = 48;

// A block may be moved or taken away while it is read, and then it is looked for again; one that is
// missing as often as this is not there.
const LOOKS = 4;

// Three blocks or four, of which a look says all there is to say.
const AHEAD_EVENTS = 256;

// A page without a filter reads the blocks that it needs, and no more: nearly all of them are full.
const EXPECTED_EVENTS = 64;

/**
 * One page of history. Never uses OFFSET or OR: every form of it walks an index. The range must
 * be one that history was given: what is missing from its beginning has been taken away.
 */
export async function readPage(db: Queries, query: PageQuery): Promise<Page> {
  const isWhole = isEverything(query.filter);
  const max = isWhole ? Math.ceil(query.limit / EXPECTED_EVENTS) + 2 : LOOK_BLOCKS;
  const most = query.maxBytes ?? PAGE_MAX_BYTES;
  let page = await readSome(db, query, max, most);
  if (!isWhole) return page;
  // Without a filter a page is as long as it was asked for: short blocks make another look needed.
  while (page.hasMore && !page.isFull && page.events.length < query.limit) {
    const room = most - sumBytes(page.events);
    const rest = await readSome(db, narrow(query, page), max, room);
    // What is missing between the two is told of where the next page begins.
    if (query.order === "asc" && rest.from > page.seenTo) break;
    page = { ...rest, from: page.from, events: [...page.events, ...rest.events] };
  }
  return page;
}

interface Look extends Page {
  /** It has as many bytes as a page may have. */
  readonly isFull: boolean;
}

function sumBytes(events: readonly LoggedEvent[]): number {
  return events.reduce((sum, event) => sum + countPageBytes(event), 0);
}

/** The rest of a query when a part of its range has been read. */
function narrow(query: PageQuery, { events, seenTo }: Page): PageQuery {
  const limit = query.limit - events.length;
  return query.order === "asc"
    ? { ...query, limit, after: seenTo }
    : { ...query, limit, upTo: seenTo };
}

/** Reads the next blocks of a range, and of these the events that are wanted. */
async function readSome(db: Queries, query: PageQuery, max: number, room: number): Promise<Look> {
  for (let looks = 1; looks <= LOOKS; looks++) {
    const look = await readBlocks(db, query, max);
    // A volume that went meanwhile was made anew, or taken away: its row tells of another, or is gone.
    if (look === null) continue;
    const { blocks, oldest, hasMore: hasMoreBlocks, end } = look;
    const range = { ...query, upTo: end };
    const from = oldest === null ? Math.max(query.after, query.upTo) : oldest - 1;
    const indexed = blocks.map(readIndexOf);
    const wanted = indexed.flatMap(({ events }) => listWanted(range, events));
    const events = await readWanted(db, query, indexed, wanted.slice(0, query.limit), room);
    // A block that went meanwhile was taken away by retention: the beginning is another one now.
    if (events === null) continue;
    const isFull = events.length < Math.min(query.limit, wanted.length);
    const isPart = events.length < wanted.length;
    const last = isPart ? events.at(-1) : null;
    const seenTo = findSeenTo(range, isPart || hasMoreBlocks, blocks, last?.seq);
    return { events, from, hasMore: isPart || hasMoreBlocks || end < query.upTo, isFull, seenTo };
  }
  throw new ArchiveError(new Error("what the database tells of is not there"));
}

interface Blocks {
  readonly blocks: readonly LeanBlock[];
  readonly oldest: Seq | null;
  /** There may be further ones in the range. */
  readonly hasMore: boolean;
  /** The place up to which the range is read: the end of it, or a hole. */
  readonly end: Seq;
}

async function readBlocks(db: Queries, query: PageQuery, max: number): Promise<Blocks | null> {
  const { types, providers, platforms } = query.filter;
  const isByType = types.length > 0 && providers.length === 0 && platforms.length === 0;
  const look = await lookThrough(db, query, max, isByType, chooseAhead(query));
  if (look === null) return null;
  const { blocks: read, oldest, isCut, hole: known } = look;
  if (isByType) {
    // What comes after a hole begins the next page.
    const end = Math.min(known ?? query.upTo, query.upTo);
    const blocks = read.filter(({ first }) => first <= end);
    const hasMore = isCut && blocks.length === read.length;
    return {
      blocks,
      oldest,
      hasMore: hasMore && !isAtEnd({ ...query, upTo: end }, read.at(-1)),
      end,
    };
  }
  // The first may end before the range begins.
  const blocks = read.filter(({ last }) => last > query.after);
  // What comes after a hole begins the next page.
  const hole = blocks.findIndex((block, place) => isHoleAfter(block, blocks[place + 1]));
  const end = query.upTo;
  if (hole !== -1) return { blocks: blocks.slice(0, hole + 1), oldest, hasMore: true, end };
  return { blocks, oldest, hasMore: isCut && !isAtEnd(query, blocks.at(-1)), end };
}

/** Bodies that are asked for at once: those that a page without a filter is made of, unless it is long. */
function chooseAhead({ channel, filter, limit, raw }: PageQuery): Ahead | null {
  if (limit > AHEAD_EVENTS || !isEverything(filter)) return null;
  return { places: limit, hasRaw: raw === true, known: listRecent(channel) };
}

function isHoleAfter(block: LeanBlock, next: LeanBlock | undefined): boolean {
  if (next === undefined) return false;
  return next.first !== block.last + 1 && block.first !== next.last + 1;
}

/** Does a block go to the end of the range, in the order in which it is read? */
function isAtEnd({ order, after, upTo }: PageQuery, last: LeanBlock | undefined): boolean {
  if (last === undefined) return true;
  return order === "asc" ? last.last >= upTo : last.first <= after + 1;
}

/**
 * How far a page has seen: to the last event it gives where there are more, or to the end of the
 * last block that was looked at, or to the end of the range. Going down, "seen to" is the place
 * before the last one read.
 */
function findSeenTo(
  query: PageQuery,
  hasMore: boolean,
  blocks: readonly LeanBlock[],
  seen: Seq | undefined,
): Seq {
  const isUp = query.order === "asc";
  if (!hasMore) return isUp ? query.upTo : query.after;
  const last = blocks.at(-1);
  if (isUp) return Math.min(seen ?? last?.last ?? query.after, query.upTo);
  return Math.max((seen ?? last?.first ?? query.upTo + 1) - 1, query.after);
}

function readIndexOf(block: LeanBlock): IndexedBlock {
  return { ...block, events: readIndex(block.first, block.index) };
}

/** Lists the events of a block that are in the range and that the filter lets through. */
function listWanted(query: PageQuery, all: readonly IndexedEvent[]): readonly IndexedEvent[] {
  const { after, upTo, order, filter } = query;
  const events = all.filter(
    (event) => event.seq > after && event.seq <= upTo && matches(filter, event),
  );
  return order === "asc" ? events : events.toReversed();
}

/**
 * Reads these events of these blocks, as many as a page has room for: at least one. Null where one
 * of the blocks is not there any more.
 */
async function readWanted(
  db: Queries,
  query: PageQuery,
  blocks: readonly IndexedBlock[],
  wanted: readonly IndexedEvent[],
  room: number,
): Promise<LoggedEvent[] | null> {
  const seqs = new Set(wanted.map(({ seq }) => seq));
  const needed = blocks.filter((block) => holdsOneOf(block, seqs));
  const events: LoggedEvent[] = [];
  let bytes = 0;
  for (const some of listReadings(needed)) {
    for await (const all of readEvents(db, query.channel, some, query.raw === true)) {
      if (all === null) return null;
      for (const { at: _at, ...event } of query.order === "asc" ? all : all.toReversed()) {
        if (!seqs.has(event.seq)) continue;
        bytes += countPageBytes(event);
        if (events.length > 0 && bytes > room) return events;
        events.push(event);
      }
    }
  }
  return events;
}

function holdsOneOf({ first, last }: LeanBlock, seqs: ReadonlySet<Seq>): boolean {
  for (let seq = first; seq <= last; seq++) if (seqs.has(seq)) return true;
  return false;
}
