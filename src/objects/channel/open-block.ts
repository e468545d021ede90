import { within } from "../../deadline.ts";
import type { Seq } from "../../event/ids.ts";
import { readNewestBlock } from "../../store/history/block-rows.ts";
import { fillBlocks, isFull, packBlock, reduceEvent } from "../../store/history/block.ts";
import { putBlocks } from "../../store/history/blocks.ts";
import type { RecordedEvent } from "../../store/logged-event.ts";
import { isRefusedForGood, STATEMENT_MS } from "./history-statement.ts";

/** Tells of events that history took in part only: why, and which. */
type ToldOfReduced = (refusal: unknown, event: RecordedEvent) => void;

/**
 * The end of a channel's history: the block that is written anew as it grows, until it is full. This
 * object is the only one that writes the channel's blocks.
 */
export class OpenBlock {
  readonly #channel: number;
  /** Null: not read yet. */
  #events: readonly RecordedEvent[] | null = null;

  constructor(channel: number) {
    this.#channel = channel;
  }

  /** How many events it has; 0 where it has not been read yet. */
  get count(): number {
    return this.#events?.length ?? 0;
  }

  /** What is in the database was changed by something else than an append: it is read again. */
  forget(): void {
    this.#events = null;
  }

  /**
   * Reads where history ends. Answers up to which place it has everything: later than `fed` where a
   * write was carried out and its answer lost.
   */
  async open(db: D1DatabaseSession, fed: Seq): Promise<Seq> {
    if (this.#events !== null) return fed;
    const newest = await within(STATEMENT_MS, readNewestBlock(db, this.#channel));
    const last = newest.at(-1)?.seq ?? 0;
    this.#events = last < fed || isFull(newest) ? [] : newest;
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
      if (events.length === 1 && only !== undefined) return this.#reduce(db, only, error, told);
      const half = Math.ceil(events.length / 2);
      const rows = await this.append(db, events.slice(0, half), told);
      return rows + (await this.append(db, events.slice(half), told));
    }
  }

  async #reduce(
    db: D1DatabaseSession,
    event: RecordedEvent,
    refusal: unknown,
    told: ToldOfReduced,
  ): Promise<number> {
    for (const less of reduceEvent(event)) {
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
    const open = this.#events ?? [];
    const blocks = fillBlocks(open, events);
    const changed = blocks.filter((block) => block[0] !== open[0] || block.length > open.length);
    const packed = [];
    for (const block of changed) packed.push(await packBlock(block));
    const rows = await within(STATEMENT_MS, putBlocks(db, this.#channel, packed));
    const last = blocks.at(-1) ?? [];
    this.#events = isFull(last) ? [] : last;
    return rows;
  }
}
