import { reduceEvent } from "../../channel/reduced.ts";
import type { NextShelving } from "../../channel/shelving.ts";
import type { Erasure } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { computeFullJitter } from "../../lib/backoff.ts";
import { report } from "../../report.ts";
import { BLOCK_EVENTS } from "../../store/history/block-filling.ts";
import { isAtWork, listErasures } from "../../store/journal/erasures.ts";
import { readNextEvents } from "../../store/journal/groups.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import type { Errands } from "../errands.ts";
import { Timer } from "../timer.ts";
import { ChannelArchive } from "./archive.ts";
import type { ChannelErrand } from "./end.ts";
import { makeForgetErrands } from "./forgetting.ts";
import { HistoryEraser, type ErasingPort } from "./history-erasures.ts";
import { HistoryMending } from "./history-mending.ts";
import { HistoryPruning } from "./history-pruning.ts";
import { HistorySightings } from "./history-sightings.ts";
import { describeFailure, type HistoryState } from "./history-statement.ts";
import { JournalPruning } from "./journal-pruning.ts";
import { HistoryMark } from "./meta.ts";
import { OpenBlock } from "./open-block.ts";
import type { ChannelPort } from "./ports.ts";

// Twelve blocks: what one statement takes.
const PORTION = { events: 12 * BLOCK_EVENTS, bytes: 4_000_000 };
const BACKOFF = { baseMs: 500, maxMs: 30_000 };

/** The rest of the object, as far as the writer of history needs it. */
export interface HistoryWriterHost extends Pick<
  ChannelPort,
  "storage" | "db" | "channel" | "head" | "pace"
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
  readonly sightings: HistorySightings;
  readonly shelvingAgeMs: number | null;
  readonly #host: HistoryWriterHost;
  readonly #archive: ChannelArchive;
  readonly #pruning: HistoryPruning;
  readonly #open: OpenBlock;
  readonly #eraser: HistoryEraser;
  readonly #journal: JournalPruning;
  #fed: Seq;
  readonly #timer = new Timer(() => void this.drain());
  #running: Promise<boolean> | null = null;
  #isStopped = false;
  #failures = 0;
  #lastError: string | null = null;
  #rowsWritten = 0;
  /** Events of which history took a part only. */
  #reduced = 0;
  #bookmark: string | null = null;

  constructor(host: HistoryWriterHost, shelvingAgeMs: number | null = null, volumeBlocks?: number) {
    this.#host = host;
    this.shelvingAgeMs = shelvingAgeMs;
    const { storage, channel } = host;
    const { id, number, epoch } = channel;
    const isStopped = (): boolean => this.#isStopped;
    this.#archive = new ChannelArchive({ storage, channel, volumeBlocks, isStopped });
    this.#pruning = new HistoryPruning(this.#archive, number);
    this.#open = new OpenBlock(number, (event) => reduceEvent({ channel: id, epoch }, event));
    this.mending = new HistoryMending(host);
    this.#journal = new JournalPruning(storage.sql);
    this.#fed = readMeta(storage.sql, "history", HistoryMark)?.seq ?? 0;
    const port: ErasingPort = {
      storage,
      channelNumber: number,
      archive: this.#archive,
      isStopped,
      noteStatement: (session) => this.#note(session),
      changed: () => this.#open.forget(),
      erased: (erasure) => host.reader.noteErased(erasure),
      tellNames: () => host.errands.put(makeForgetErrands(host)),
      told: () => host.errands.begin(),
    };
    this.#eraser = new HistoryEraser(port);
    this.sightings = new HistorySightings(port);
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
    if (this.#fed < this.#host.head() || !this.#pruning.isDropped) return false;
    if (this.sightings.isDue(Date.now())) return false;
    return !listErasures(this.#host.storage.sql).some(isAtWork);
  }

  wake(): void {
    // Not only with history: what was erased is not to wait for a database that is away.
    void this.#eraser.sweep();
    if (this.#running === null) this.#begin();
  }

  /** The log is gone: nothing is fed any more. */
  stop(): void {
    this.#isStopped = true;
  }

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
      if (!this.#eraser.isSpent) this.#begin();
    });
    return this.#running;
  }

  /** Takes away what history has from before a time, now or with the next run. */
  async prune(before: number): Promise<void> {
    this.#pruning.drop(before);
    await this.drain();
    if (!this.#pruning.isDropped && this.#failures === 0) await this.drain();
  }

  /** Puts some of what was recorded before a time away. Answers what there is to do after that. */
  async shelve(before: number): Promise<NextShelving | null> {
    this.#pruning.shelve(before);
    await this.drain();
    if (!this.#pruning.isShelved) await this.drain();
    return this.#pruning.next;
  }

  async #run(): Promise<boolean> {
    try {
      this.#eraser.begin();
      const session = this.#host.db.withSession("first-primary");
      await this.#mend(session);
      // New events go before old erasures: a long search must not make history late.
      do {
        await this.#eraser.sweep();
        while (await this.#feedOne(session));
      } while (await this.#eraser.eraseNext(session));
      if (this.#isStopped) return false;
      if (!(await this.sightings.add(session, Date.now()))) return false;
      await this.#pruning.run(session, Date.now(), () => this.#open.forget());
      if (this.#isStopped) return false;
      this.#failures = 0;
      this.#lastError = null;
      this.#journal.prune(this.#fed, Date.now());
      return true;
    } catch (error) {
      report("history not written", error, { channel: this.#host.channel.number });
      this.#failures += 1;
      this.#lastError = describeFailure(error);
      return false;
    }
  }

  #pauseMs(): number {
    if (this.#failures > 0) return computeFullJitter(this.#failures - 1, Math.random(), BACKOFF);
    const { historyFullMs, historyIdleMs } = this.#host.pace;
    return this.#isUrgent ? historyFullMs : historyIdleMs;
  }

  /** Is there a block's worth to be written, or something that others wait for? */
  get #isUrgent(): boolean {
    const waiting = this.#host.head() - this.#fed;
    if (this.#open.count + waiting >= BLOCK_EVENTS || this.mending.isInDoubt) return true;
    return listErasures(this.#host.storage.sql).some(isAtWork);
  }

  #begin(): void {
    const now = Date.now();
    this.#timer.ringBy(now + this.#pauseMs(), now);
  }

  #reach(seq: Seq): void {
    // What is kept here by now may be another channel's.
    if (this.#isStopped || seq === this.#fed) return;
    this.#fed = seq;
    writeMeta(this.#host.storage.sql, "history", { seq });
  }

  async #mend(db: D1DatabaseSession): Promise<void> {
    const from = await this.mending.mend(db, this.#fed);
    if (from === null) return;
    // What it tells of the archive is as old as all else.
    this.#archive.doubt();
    this.#open.forget();
    this.#reach(from);
  }

  async #feedOne(db: D1DatabaseSession): Promise<boolean> {
    if (this.#isStopped || this.#fed >= this.#host.head()) return false;
    const { channel, storage } = this.#host;
    const fed = await this.#open.open(db, this.#fed, this.#host.head());
    const events = readNextEvents(storage.sql, fed, PORTION);
    const to = events.at(-1)?.seq ?? fed;
    if (to === this.#fed) return false;
    if (events.length > 0) {
      this.#rowsWritten += await this.#open.append(db, events, (refusal, { seq }) => {
        this.#reduced += 1;
        report("history took an event in part", refusal, { channel: channel.number, seq });
      });
    }
    if (this.#isStopped) return false;
    this.#note(db);
    this.#reach(to);
    return true;
  }

  /**
   * Called before storage says what a statement did: a read that relies on it must see the
   * statement.
   */
  #note(session: D1DatabaseSession): void {
    this.#bookmark = session.getBookmark() ?? this.#bookmark;
  }
}
