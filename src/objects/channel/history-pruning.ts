import type { NextShelving } from "../../channel/shelving.ts";
import { within } from "../../deadline.ts";
import { report } from "../../report.ts";
import { pruneBlocks, trimOldestBlock } from "../../store/history/pruning.ts";
import type { Queries } from "../../store/history/queries.ts";
import type { ChannelArchive } from "./archive.ts";
import { STATEMENT_MS } from "./history-statement.ts";

// D1 does one thing at a time: blocks go in steps, and no channel takes all of its time at once.
const BLOCKS_A_STEP = 500;
const STEPS = 20;

/**
 * The later life of a channel's history: it is put away, and then taken away. A part of
 * its writing, since the same object does both, one after the other.
 */
export class HistoryPruning {
  readonly #archive: ChannelArchive;
  readonly #channel: number;
  /** Times: everything before the one is to go, before the other to be put away; null for nothing. */
  #dropBefore: number | null = null;
  #shelveBefore: number | null = null;
  #next: NextShelving | null = null;

  constructor(archive: ChannelArchive, channel: number) {
    this.#archive = archive;
    this.#channel = channel;
  }

  /** Has the next run take away everything from before a time. */
  drop(before: number): void {
    this.#dropBefore = before;
  }

  /** Has the next run put some of what is from before a time away. */
  shelve(before: number): void {
    this.#shelveBefore = before;
    this.#next = null;
  }

  /** Has all gone that was to go? */
  get isDropped(): boolean {
    return this.#dropBefore === null;
  }

  /** Was something put away, or was that tried? */
  get isShelved(): boolean {
    return this.#shelveBefore === null;
  }

  /** The next thing to put away after that; null where it failed. */
  get next(): NextShelving | null {
    return this.#next;
  }

  /**
   * Throws where something cannot be taken away: what is left is for the next run. `changed`: called
   * after what may have changed the database, whether or not it failed.
   */
  async run(db: Queries, now: number, changed: () => void): Promise<void> {
    if (this.isDropped && this.isShelved) return;
    try {
      if (this.#dropBefore !== null && (await this.#drop(db, this.#dropBefore))) {
        this.#dropBefore = null;
      }
      if (this.#shelveBefore !== null) await this.#shelve(db, this.#shelveBefore, now);
    } finally {
      changed();
    }
  }

  /**
   * Answers whether nothing is left to do. The archive is older than all that the database has, and goes
   * first: cut off anywhere, a history has no hole in the middle.
   */
  async #drop(db: Queries, before: number): Promise<boolean> {
    if (await this.#archive.prune(db, before)) return false;
    return pruneHistory(db, this.#channel, before);
  }

  /** A bucket that is away keeps nothing else from being done: what was not put away stays where it is. */
  async #shelve(db: Queries, before: number, now: number): Promise<void> {
    this.#shelveBefore = null;
    try {
      if (this.#archive.isInDoubt) {
        await this.#archive.sweep(db, now);
        this.#next = "more";
      } else this.#next = await this.#archive.shelve(db, before);
    } catch (error) {
      report("history not put away", error, { channel: this.#channel });
    }
  }
}

/**
 * Takes away what a channel has in the database from before a time: whole blocks, and then what is too
 * old in the oldest that is left. Answers whether nothing is left to do: what is more than a run's work
 * is for the next.
 */
async function pruneHistory(db: Queries, channel: number, before: number): Promise<boolean> {
  for (let step = 0; step < STEPS; step++) {
    const gone = await within(STATEMENT_MS, pruneBlocks(db, channel, before, BLOCKS_A_STEP));
    if (gone === BLOCKS_A_STEP) continue;
    await within(STATEMENT_MS, trimOldestBlock(db, channel, before));
    return true;
  }
  return false;
}
