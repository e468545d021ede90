import { mendHistory, type Mending } from "../../channel/restored.ts";
import { within } from "../../deadline.ts";
import type { Seq } from "../../event/ids.ts";
import { report } from "../../report.ts";
import { appendEvents, findNewest } from "../../store/history/events.ts";
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
    const item = [seq, type, provider, platform, recordedAt, event, null];
    const { number } = this.#host.channel;
    await within(STATEMENT_MS, appendEvents(db, number, JSON.stringify([item])));
  }
}
