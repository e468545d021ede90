import { mendHistory, type Mending } from "../../channel/restored.ts";
import { within } from "../../deadline.ts";
import type { Seq } from "../../event/ids.ts";
import { report } from "../../report.ts";
import { packBlock } from "../../store/history/block.ts";
import { findEnd, putBlocks } from "../../store/history/blocks.ts";
import { findNewest } from "../../store/history/places.ts";
import { findRecordedAfter, readJournalBounds } from "../../store/journal/groups.ts";
import { STATEMENT_MS } from "./history-statement.ts";
import type { ChannelPort } from "./ports.ts";

/** Gives history again what it has lost, where the database was put back to an earlier time. */
export class HistoryMending {
  readonly #host: Pick<ChannelPort, "storage" | "channel">;
  /** While what history has is in doubt: since when events are kept. */
  #keptSince: number | null = null;

  constructor(host: Pick<ChannelPort, "storage" | "channel">) {
    this.#host = host;
  }

  get isInDoubt(): boolean {
    return this.#keptSince !== null;
  }

  /** History may have less than it was given. */
  doubt(keptSince: number): void {
    this.#keptSince = keptSince;
  }

  /**
   * Compares what history has with what it was given, if that is in doubt. Answers after which place
   * it is to be given the journal again; null where nothing is missing. What neither has any more is
   * told in its place.
   */
  async mend(db: D1DatabaseSession, fed: Seq): Promise<Seq | null> {
    const { storage, channel } = this.#host;
    const keptSince = this.#keptSince;
    const journal = readJournalBounds(storage.sql);
    if (keptSince === null || journal === null) return null;
    const newest = await within(STATEMENT_MS, findNewest(db, channel.number));
    const { oldest, at: newestAt } = journal;
    const oldestAt = findRecordedAfter(storage.sql, oldest) ?? newestAt;
    const log = { channel: channel.id, epoch: channel.epoch, fed, keptSince };
    const mending = mendHistory({ ...log, newest, journal: { oldest, oldestAt, newestAt } });
    if (mending !== null) {
      const about = { channel: channel.number, newest: newest?.seq ?? 0, from: mending.from, fed };
      report("history has less than it was given", new Error("the database was restored"), about);
      if (mending.gap !== null) await this.#tell(db, mending.gap);
    }
    this.#keptSince = null;
    return mending?.from ?? null;
  }

  async #tell(
    db: D1DatabaseSession,
    { seq, recordedAt, event }: NonNullable<Mending["gap"]>,
  ): Promise<void> {
    const { type, provider, platform } = event;
    const text = JSON.stringify(event);
    const told = { seq, type, provider, platform, at: recordedAt, text, raw: null };
    const { number } = this.#host.channel;
    const end = await within(STATEMENT_MS, findEnd(db, number));
    const blocks = [await packBlock([told])];
    await within(STATEMENT_MS, putBlocks(db, number, { end, blocks, known: new Set() }));
  }
}
