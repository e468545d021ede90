import { RECENT_AT_LEAST } from "../../channel/recent.ts";
import type { Erasure } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { computeFullJitter } from "../../lib/backoff.ts";
import { report } from "../../report.ts";
import { BLOCK_EVENTS } from "../../store/history/block.ts";
import { listErasures } from "../../store/journal/erasures.ts";
import { pruneGroups, readNextEvents } from "../../store/journal/groups.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { eraseNext } from "./history-erasures.ts";
import { pruneHistory } from "./history-pruning.ts";
import { describeFailure } from "./history-statement.ts";
import { HistoryMark } from "./meta.ts";
import { OpenBlock } from "./open-block.ts";
import type { ChannelPort } from "./ports.ts";

// A write costs the same for one event and for a hundred: what fills a block goes at once, and less
// than that when some has gathered. Nobody waits for it: the journal answers meanwhile.
const FULL_MS = 250;
const IDLE_MS = 5_000;

// Twelve blocks: what one statement takes.
const PORTION = { events: 12 * BLOCK_EVENTS, bytes: 4_000_000 };
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
}

/**
 * Feeds history from the journal, behind everything else: nothing waits for it. The journal keeps
 * what history has not got, so a database that is away costs nothing but lag.
 */
export class HistoryWriter {
  readonly #host: HistoryWriterHost;
  readonly #open: OpenBlock;
  #fed: Seq;
  #timer: { readonly id: ReturnType<typeof setTimeout>; readonly at: number } | null = null;
  #running: Promise<boolean> | null = null;
  #isStopped = false;
  #failures = 0;
  #lastError: string | null = null;
  #rowsWritten = 0;
  /** Events of which history took a part only. */
  #reduced = 0;
  #prunedAt = 0;
  #bookmark: string | null = null;
  /** What was recorded before this time is to go; null for nothing. */
  #pruneBefore: number | null = null;

  constructor(host: HistoryWriterHost) {
    this.#host = host;
    this.#open = new OpenBlock(host.channel.number);
    this.#fed = readMeta(host.storage.sql, "history", HistoryMark)?.seq ?? 0;
  }

  /** Up to where history has everything. */
  get fed(): Seq {
    return this.#fed;
  }

  /** A read of history with this bookmark sees everything up to `fed`. */
  get bookmark(): string | null {
    return this.#bookmark;
  }

  get state(): {
    failures: number;
    lastError: string | null;
    rowsWritten: number;
    reduced: number;
  } {
    return {
      reduced: this.#reduced,
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
    if (this.#running === null) this.#schedule(this.#pauseMs());
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
      if (!this.#isStopped && !this.isDone) this.#schedule(this.#pauseMs());
    });
    return this.#running;
  }

  /** Takes away what history has from before a time, now or with the next run. */
  async prune(before: number): Promise<void> {
    this.#pruneBefore = before;
    await this.drain();
    // A run that was under way may have been past it.
    if (this.#pruneBefore !== null) await this.drain();
  }

  async #pruneHistory(db: D1DatabaseSession): Promise<void> {
    const before = this.#pruneBefore;
    if (before === null) return;
    try {
      await pruneHistory(db, this.#host.channel.number, before);
      this.#pruneBefore = null;
    } finally {
      this.#open.forget();
    }
  }

  async #run(): Promise<boolean> {
    try {
      const session = this.#host.db.withSession("first-primary");
      // New events go before old erasures: a long search must not make history late.
      do {
        while (await this.#feedOne(session));
      } while (await this.#eraseOne(session));
      if (!this.#isStopped) await this.#pruneHistory(session);
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
    const waiting = this.#host.head() - this.#fed;
    if (this.#failures === 0) return this.#open.count + waiting < BLOCK_EVENTS ? IDLE_MS : FULL_MS;
    return computeFullJitter(this.#failures - 1, Math.random(), BACKOFF);
  }

  /** Runs after so long, or sooner where that was said before. */
  #schedule(afterMs: number): void {
    const at = Date.now() + afterMs;
    if (this.#timer !== null && this.#timer.at <= at) return;
    if (this.#timer !== null) clearTimeout(this.#timer.id);
    const id = setTimeout(() => {
      this.#timer = null;
      void this.drain();
    }, afterMs);
    this.#timer = { id, at };
  }

  async #feedOne(db: D1DatabaseSession): Promise<boolean> {
    if (this.#isStopped) return false;
    const { channel, storage } = this.#host;
    const fed = await this.#open.open(db, this.#fed);
    const events = readNextEvents(storage.sql, fed, PORTION);
    const to = events.at(-1)?.seq ?? fed;
    if (to === this.#fed) return false;
    if (events.length > 0) {
      this.#rowsWritten += await this.#open.append(db, events, (refusal, { seq }) => {
        this.#reduced += 1;
        report("history took an event in part", refusal, { channel: channel.number, seq });
      });
    }
    // What is kept here by now may be another channel's.
    if (this.#isStopped) return false;
    this.#note(db);
    this.#fed = to;
    writeMeta(storage.sql, "history", { seq: to });
    return true;
  }

  async #eraseOne(db: D1DatabaseSession): Promise<boolean> {
    const { storage, channel } = this.#host;
    return eraseNext(
      {
        storage,
        channelNumber: channel.number,
        isStopped: () => this.#isStopped,
        noteStatement: (session) => this.#note(session),
        erased: (erasure) => this.#host.reader.noteErased(erasure),
        changed: () => this.#open.forget(),
      },
      db,
    );
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
