import { RECENT_AT_LEAST } from "../../channel/recent.ts";
import { within } from "../../deadline.ts";
import type { Erasure } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { computeFullJitter } from "../../lib/backoff.ts";
import { report } from "../../report.ts";
import { appendEvents } from "../../store/history/events.ts";
import { isAtWork, listErasures } from "../../store/journal/erasures.ts";
import {
  readNextBatch,
  readNextEvents,
  pruneGroups,
  type Batch,
} from "../../store/journal/groups.ts";
import { reduceItems } from "../../store/journal/items.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import type { Errands } from "../errands.ts";
import type { ChannelErrand } from "./end.ts";
import { makeForgetErrands } from "./forgetting.ts";
import { HistoryEraser } from "./history-erasures.ts";
import { HistoryMending } from "./history-mending.ts";
import {
  describeFailure,
  isRefusedForGood,
  STATEMENT_MS,
  type HistoryState,
} from "./history-statement.ts";
import { HistoryMark } from "./meta.ts";
import type { ChannelPort } from "./ports.ts";

/** DESIGN 3, "Exactly once in history": within a second of the event, in bulk. */
const GATHER_MS = 250;
const BATCH_EVENTS = 500;
const BACKOFF = { baseMs: 500, maxMs: 30_000 };

// The journal keeps what history has for as long as repeats and resumes are likely.
const KEEP_MS = 600_000;
const PRUNE_EVERY_MS = 60_000;

/** The rest of the object, as far as the writer of history needs it. */
export interface HistoryWriterHost extends Pick<
  ChannelPort,
  "storage" | "db" | "channel" | "head"
> {
  /** Is told of each erasure that is carried out, and no longer pending. */
  readonly reader: { noteErased(erasure: Erasure): void };
  /** For what webhooks are still to hear of whom is forgotten. */
  readonly errands: Errands<ChannelErrand>;
}

/**
 * Feeds history from the journal, behind everything else: nothing waits for it. The journal keeps
 * what history has not got, so a database that is away costs nothing but lag.
 */
export class HistoryWriter {
  readonly mending: HistoryMending;
  readonly #host: HistoryWriterHost;
  readonly #eraser: HistoryEraser;
  #fed: Seq;
  #isScheduled = false;
  #running: Promise<boolean> | null = null;
  #isStopped = false;
  #failures = 0;
  #lastError: string | null = null;
  #rowsWritten = 0;
  /** Events of which history took a part only. */
  #reduced = 0;
  #prunedAt = 0;
  #bookmark: string | null = null;

  constructor(host: HistoryWriterHost) {
    this.#host = host;
    this.mending = new HistoryMending(host);
    this.#fed = readMeta(host.storage.sql, "history", HistoryMark)?.seq ?? 0;
    this.#eraser = new HistoryEraser({
      storage: host.storage,
      channelNumber: host.channel.number,
      isStopped: () => this.#isStopped,
      noteStatement: (session) => this.#note(session),
      erased: (erasure) => host.reader.noteErased(erasure),
      tellNames: () => host.errands.put(makeForgetErrands(host)),
      told: () => host.errands.begin(),
    });
  }

  /** Up to where history has everything. */
  get fed(): Seq {
    return this.#fed;
  }

  /** A read of history with this bookmark sees everything up to `fed`. */
  get bookmark(): string | null {
    return this.#bookmark;
  }

  get state(): HistoryState {
    return {
      reduced: this.#reduced,
      failures: this.#failures,
      lastError: this.#lastError,
      rowsWritten: this.#rowsWritten,
    };
  }

  get isDone(): boolean {
    if (this.#fed < this.#host.head()) return false;
    return !listErasures(this.#host.storage.sql).some(isAtWork);
  }

  /** There is something new. */
  wake(): void {
    // Not only with history: what was erased is not to wait for a database that is away.
    void this.#eraser.sweep();
    if (this.#isScheduled || this.#running !== null) return;
    this.#schedule(GATHER_MS);
  }

  /** The log is gone: nothing is fed any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Resolves when nothing is under way to the database. */
  get settled(): Promise<unknown> {
    return this.#running ?? Promise.resolve();
  }

  /** Feeds all there is. Never throws; answers whether it got through. */
  drain(): Promise<boolean> {
    if (this.#isStopped) return Promise.resolve(false);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#isStopped || this.isDone) return;
      // What one run may not finish goes on with the next alarm, which is set as long as there is more.
      if (!this.#eraser.isSpent) this.#schedule(this.#pauseMs());
    });
    return this.#running;
  }

  async #run(): Promise<boolean> {
    try {
      this.#eraser.begin();
      const session = this.#host.db.withSession("first-primary");
      this.#reach((await this.mending.mend(session, this.#fed)) ?? this.#fed);
      // New events go before old erasures: a long search must not make history late.
      do {
        await this.#eraser.sweep();
        while (await this.#feedOne(session));
      } while (await this.#eraser.eraseNext(session));
      if (this.#isStopped) return false;
      this.#failures = 0;
      this.#lastError = null;
      this.#prune(Date.now());
      return true;
    } catch (error) {
      report("history not written", error, { channel: this.#host.channel.number });
      this.#failures += 1;
      this.#lastError = describeFailure(error);
      return false;
    }
  }

  #pauseMs(): number {
    if (this.#failures === 0) return GATHER_MS;
    return computeFullJitter(this.#failures - 1, Math.random(), BACKOFF);
  }

  #schedule(afterMs: number): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      void this.drain();
    }, afterMs);
  }

  #reach(seq: Seq): void {
    // What is kept here by now may be another channel's.
    if (this.#isStopped || seq === this.#fed) return;
    this.#fed = seq;
    writeMeta(this.#host.storage.sql, "history", { seq });
  }

  async #feedOne(db: D1DatabaseSession): Promise<boolean> {
    if (this.#isStopped) return false;
    const batch = readNextBatch(this.#host.storage.sql, this.#fed, BATCH_EVENTS);
    if (batch === null) return false;
    await this.#feed(db, batch);
    return true;
  }

  /**
   * Feeds a batch. One that the database refuses for good would be refused again and again: it is
   * halved, down to the one event that is at fault.
   */
  async #feed(db: D1DatabaseSession, batch: Batch): Promise<void> {
    try {
      await this.#append(db, batch);
    } catch (error) {
      if (!isRefusedForGood(error)) throw error;
      // Which event it is of is found by halving; that one is reported.
      if (batch.count === 1) return this.#feedLess(db, batch, error);
      const half = readNextEvents(this.#host.storage.sql, this.#fed, Math.ceil(batch.count / 2));
      if (half !== null) await this.#feed(db, half);
    }
  }

  /** Feeds an event that is refused as it is: without its provider's words, or else as a stub. */
  async #feedLess(db: D1DatabaseSession, batch: Batch, refusal: unknown): Promise<void> {
    for (const items of reduceItems(batch.items)) {
      try {
        await this.#append(db, { ...batch, items });
      } catch (error) {
        if (!isRefusedForGood(error)) throw error;
        // Less of it is tried; that it is less is reported below.
        continue;
      }
      this.#reduced += 1;
      const about = { channel: this.#host.channel.number, seq: batch.to };
      report("history took an event in part", refusal, about);
      return;
    }
    throw refusal;
  }

  async #append(db: D1DatabaseSession, { items, to }: Batch): Promise<void> {
    const { channel } = this.#host;
    this.#rowsWritten += await within(STATEMENT_MS, appendEvents(db, channel.number, items));
    this.#note(db);
    this.#reach(to);
  }

  /**
   * Called before storage says what a statement did: a read that relies on it must see the
   * statement.
   */
  #note(session: D1DatabaseSession): void {
    this.#bookmark = session.getBookmark() ?? this.#bookmark;
  }

  #prune(now: number): void {
    if (now - this.#prunedAt < PRUNE_EVERY_MS) return;
    this.#prunedAt = now;
    pruneGroups(this.#host.storage.sql, this.#fed, now - KEEP_MS, {
      keys: RECENT_AT_LEAST,
      ahead: now + KEEP_MS,
      events: RECENT_AT_LEAST,
    });
  }
}
