import type { Seq } from "../../event/ids.ts";
import { fullJitter } from "../../lib/backoff.ts";
import { appendEvents, eraseAt, eraseBetween, type Queries } from "../../store/history/events.ts";
import { dropErasure, listErasures, putErasure } from "../../store/journal/erasures.ts";
import { nextBatch, pruneGroups } from "../../store/journal/groups.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { within } from "../deadline.ts";
import { HistoryMark } from "./meta.ts";

/** DESIGN 3, "Exactly once in history": within a second of the event, in bulk. */
const GATHER_MS = 250;
const BATCH_EVENTS = 500;
const BACKOFF = { baseMs: 500, maxMs: 30_000 };

// D1 gives a statement 30 s; one that is not answered by then will not be.
const STATEMENT_MS = 35_000;

// Rows that one erasing statement looks through: some 30 ms of a database that does one thing at a
// time.
const ERASE_ROWS = 5_000;

// The journal keeps what history has for as long as repeats and resumes are likely.
const KEEP_MS = 600_000;
const PRUNE_EVERY_MS = 60_000;

/** What the feed needs to know of the rest of its object. */
export interface FeedHost {
  readonly storage: DurableObjectStorage;
  readonly db: D1Database;
  readonly channelNumber: number;
  head(): Seq;
}

/**
 * Feeds history from the journal, behind everything else: nothing waits for it. The journal keeps
 * what history has not got, so a database that is away costs nothing but lag.
 */
export class HistoryFeed {
  readonly #host: FeedHost;
  #fed: Seq;
  #isScheduled = false;
  #running: Promise<boolean> | null = null;
  #isStopped = false;
  #failures = 0;
  #lastError: string | null = null;
  #rowsWritten = 0;
  #prunedAt = 0;
  #bookmark: string | null = null;

  constructor(host: FeedHost) {
    this.#host = host;
    this.#fed = readMeta(host.storage.sql, "history", HistoryMark)?.seq ?? 0;
  }

  /** Up to where history has everything. */
  get fed(): Seq {
    return this.#fed;
  }

  /** A read of history that carries this sees all that was fed. */
  get bookmark(): string | null {
    return this.#bookmark;
  }

  get state(): { failures: number; lastError: string | null; rowsWritten: number } {
    return {
      failures: this.#failures,
      lastError: this.#lastError,
      rowsWritten: this.#rowsWritten,
    };
  }

  get isDone(): boolean {
    return this.#fed >= this.#host.head() && listErasures(this.#host.storage.sql).length === 0;
  }

  /** There is something new. */
  wake(): void {
    if (this.#isScheduled || this.#running !== null) return;
    this.#schedule(GATHER_MS);
  }

  /** The log is gone: nothing is fed any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Feeds all there is. Never throws; answers whether it got through. */
  drain(): Promise<boolean> {
    if (this.#isStopped) return Promise.resolve(false);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (!this.#isStopped && !this.isDone) this.#schedule(this.#pauseMs());
    });
    return this.#running;
  }

  async #run(): Promise<boolean> {
    try {
      const session = this.#host.db.withSession("first-primary");
      // New events go before old erasures: a long search must not make history late.
      do {
        while (await this.#feedOne(session)) this.#note(session);
      } while (await this.#eraseOne(session));
      this.#note(session);
      this.#failures = 0;
      this.#lastError = null;
      this.#prune(Date.now());
      return true;
    } catch (error) {
      this.#failures += 1;
      this.#lastError = error instanceof Error ? error.message.slice(0, 200) : "unknown";
      return false;
    }
  }

  #pauseMs(): number {
    if (this.#failures === 0) return GATHER_MS;
    return fullJitter(this.#failures - 1, Math.random(), BACKOFF);
  }

  #schedule(afterMs: number): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      void this.drain();
    }, afterMs);
  }

  async #feedOne(db: Queries): Promise<boolean> {
    const { storage, channelNumber } = this.#host;
    const batch = nextBatch(storage.sql, this.#fed, BATCH_EVENTS);
    if (batch === null) return false;
    this.#rowsWritten += await within(STATEMENT_MS, appendEvents(db, channelNumber, batch.items));
    this.#fed = batch.to;
    writeMeta(storage.sql, "history", { seq: batch.to });
    return true;
  }

  async #eraseOne(db: Queries): Promise<boolean> {
    const { storage, channelNumber } = this.#host;
    const [pending] = listErasures(storage.sql);
    if (pending === undefined) return false;
    const { erasure, places, below } = pending;
    if (places.length > 0) {
      await within(STATEMENT_MS, eraseAt(db, channelNumber, places));
      putErasure(storage.sql, { erasure, places: [], below });
      return true;
    }
    const after = Math.max(0, below - ERASE_ROWS);
    if (below > 0) {
      const stretch = { after, upTo: below };
      await within(STATEMENT_MS, eraseBetween(db, channelNumber, erasure, stretch));
    }
    if (after === 0) dropErasure(storage.sql, erasure.seq);
    else putErasure(storage.sql, { erasure, places, below: after });
    return true;
  }

  #note(session: D1DatabaseSession): void {
    this.#bookmark = session.getBookmark() ?? this.#bookmark;
  }

  #prune(now: number): void {
    if (now - this.#prunedAt < PRUNE_EVERY_MS) return;
    this.#prunedAt = now;
    pruneGroups(this.#host.storage.sql, this.#fed, now - KEEP_MS);
  }
}
