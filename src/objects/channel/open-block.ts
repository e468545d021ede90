import { within } from "../../deadline.ts";
import type { Seq } from "../../event/ids.ts";
import { readNewestBlock } from "../../store/history/block-bodies.ts";
import { fillBlocks, isFull } from "../../store/history/block-filling.ts";
import { packBlock } from "../../store/history/block.ts";
import { findEnd, fitsRow, putBlocks, type End } from "../../store/history/blocks.ts";
import type { RecordedEvent } from "../../store/logged-event.ts";
import { isRefusedForGood, STATEMENT_MS } from "./history-statement.ts";

// Under load each wait is a turn behind all that comes in: blocks that are packed one by one fall behind.
// The work itself is a millisecond a block, in which nothing else is done.
const PACKED_AT_ONCE = 4;

/** Tells of events that history took in part only: why, and which. */
type ToldOfReduced = (refusal: unknown, event: RecordedEvent) => void;

/** The end of history as it was read, or as it was written last. */
interface Open {
  readonly end: End;
  /** The events of the newest block; none where that takes no more. */
  readonly events: readonly RecordedEvent[];
}

/**
 * The end of a channel's history: the block that is written anew as it grows, until it is full. This
 * object is the only one that writes the channel's blocks.
 */
export class OpenBlock {
  readonly #channel: number;
  readonly #reduce: (event: RecordedEvent) => readonly RecordedEvent[];
  /** Null: to be read. */
  #open: Open | null = null;

  /** `reduce`: less and less of an event that the database refuses. */
  constructor(channel: number, reduce: (event: RecordedEvent) => readonly RecordedEvent[]) {
    this.#channel = channel;
    this.#reduce = reduce;
  }

  /** How many events it has; 0 where it has not been read yet. */
  get count(): number {
    return this.#open?.events.length ?? 0;
  }

  /** The database has been changed otherwise than by an append, or may have been: it is read again. */
  forget(): void {
    this.#open = null;
  }

  /**
   * Reads where history ends. Answers up to which place it has everything: later than `fed` where a
   * write was carried out and its answer lost. `head`: the newest event of the log. Where history goes
   * beyond, the object's storage was put back: other events have those places by now, and are not mixed
   * with them.
   */
  async open(db: D1DatabaseSession, fed: Seq, head: Seq): Promise<Seq> {
    if (this.#open !== null) return fed;
    const newest = await within(STATEMENT_MS, readNewestBlock(db, this.#channel));
    const { last, edition } =
      newest?.block ?? (await within(STATEMENT_MS, findEnd(db, this.#channel)));
    if (last > head) throw new Error(`history goes to ${last}, and the log to ${head} only`);
    const events = newest?.events ?? [];
    this.#open = { end: { last, edition }, events: last < fed || isFull(events) ? [] : events };
    return Math.max(fed, last);
  }

  /**
   * Writes events that follow on what there is. Those that the database refuses for good would be
   * refused again and again: they are halved, down to the one event that is at fault, of which less
   * is kept. Answers the rows written.
   */
  async append(
    db: D1DatabaseSession,
    events: readonly RecordedEvent[],
    told: ToldOfReduced,
  ): Promise<number> {
    try {
      return await this.#write(db, events);
    } catch (error) {
      if (!isRefusedForGood(error)) throw error;
      const [only] = events;
      // Which event it is of is found by halving; that one is told of.
      if (events.length === 1 && only !== undefined) return this.#writeLess(db, only, error, told);
      const half = Math.ceil(events.length / 2);
      const rows = await this.append(db, events.slice(0, half), told);
      return rows + (await this.append(db, events.slice(half), told));
    }
  }

  async #writeLess(
    db: D1DatabaseSession,
    event: RecordedEvent,
    refusal: unknown,
    told: ToldOfReduced,
  ): Promise<number> {
    for (const less of this.#reduce(event)) {
      try {
        const rows = await this.#write(db, [less]);
        told(refusal, event);
        return rows;
      } catch (error) {
        // Less of it is tried; that it is less is told.
        if (!isRefusedForGood(error)) throw error;
      }
    }
    throw refusal;
  }

  async #write(db: D1DatabaseSession, events: readonly RecordedEvent[]): Promise<number> {
    const before = this.#open;
    if (before === null) throw new Error("history was not opened");
    const blocks = fillBlocks(before.events, events);
    const isGrown = blocks[0]?.[0] === before.events[0] && before.events.length > 0;
    const changed =
      isGrown && blocks[0]?.length === before.events.length ? blocks.slice(1) : blocks;
    const packed = [];
    for (let at = 0; at < changed.length; at += PACKED_AT_ONCE) {
      const some = changed.slice(at, at + PACKED_AT_ONCE);
      packed.push(...(await Promise.all(some.map(packBlock))));
    }
    if (!packed.every(fitsRow)) throw new Error("too big for a row of the database");
    const known = new Set(
      isGrown && changed === blocks ? before.events.map(({ type }) => type) : [],
    );
    const writing = { end: before.end, blocks: packed, known };
    try {
      const rows = await within(STATEMENT_MS, putBlocks(db, this.#channel, writing));
      const newest = blocks.at(-1) ?? [];
      const edition = isGrown && blocks.length === 1 ? before.end.edition : 0;
      this.#open = {
        end: { last: newest.at(-1)?.seq ?? before.end.last, edition },
        events: isFull(newest) ? [] : newest,
      };
      return rows;
    } catch (error) {
      // It may have been carried out, or another before it: where history ends is to be read.
      if (!isRefusedForGood(error)) this.forget();
      throw error;
    }
  }
}
