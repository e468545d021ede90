import { mendHistory, type Mending } from "../../channel/restored.ts";
import { within } from "../../deadline.ts";
import type { Seq } from "../../event/ids.ts";
import { report } from "../../report.ts";
import { noteHole } from "../../store/history/block-rows.ts";
import { packBlock } from "../../store/history/block.ts";
import { findEnd, putBlocks } from "../../store/history/blocks.ts";
import { findNewest, listStates, type HistoryState } from "../../store/history/places.ts";
import { beginErasuresAgain } from "../../store/journal/erased.ts";
import { findRecordedAfter, readJournalBounds } from "../../store/journal/groups.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { STATEMENT_MS } from "./history-statement.ts";
import { ErasedMark } from "./meta.ts";
import type { ChannelPort } from "./ports.ts";

const RESTORED = "the database was restored";

/** The mark that history had when this channel last saw it. */
function readMark(sql: SqlStorage): number {
  return readMeta(sql, "mark", ErasedMark)?.mark ?? 0;
}

/**
 * Keeps the mark of a history as it was just raised, or read. Where it is less than it must be the
 * database was put back to an earlier time: what was erased since is there again, and is erased again.
 * Answers whether that is so. Within a transaction.
 */
export function noteMark(sql: SqlStorage, mark: number, how: "raised" | "read"): boolean {
  const known = readMark(sql);
  const isOlder = how === "raised" ? mark <= known : mark < known;
  if (isOlder) beginErasuresAgain(sql);
  if (mark !== known) writeMeta(sql, "mark", { mark });
  return isOlder;
}

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

  /** Has history less of the channel than it was given, as it was found to be? */
  isLess({ newest, mark }: HistoryState, fed: Seq): boolean {
    return newest < fed || mark < readMark(this.#host.storage.sql);
  }

  /** History may have less than it was given. */
  doubt(keptSince: number): void {
    this.#keptSince = keptSince;
  }

  /**
   * Compares what history has with what it was given, if that is in doubt. Answers after which place
   * it is to be given the journal again; null where nothing is missing. What neither has any more is
   * told in its place, and what was erased since is erased again.
   */
  async mend(db: D1DatabaseSession, fed: Seq): Promise<Seq | null> {
    const { storage, channel } = this.#host;
    const keptSince = this.#keptSince;
    const journal = readJournalBounds(storage.sql);
    if (keptSince === null || journal === null) return null;
    const newest = await within(STATEMENT_MS, findNewest(db, channel.number));
    const { oldest, at: newestAt } = journal;
    const [state] = await within(STATEMENT_MS, listStates(db, [channel.number]));
    const isOlder = storage.transactionSync(() => noteMark(storage.sql, state?.mark ?? 0, "read"));
    if (isOlder)
      report("history has what was erased", new Error(RESTORED), { channel: channel.number });
    const oldestAt = findRecordedAfter(storage.sql, oldest) ?? newestAt;
    const log = { channel: channel.id, epoch: channel.epoch, fed, keptSince };
    const mending = mendHistory({ ...log, newest, journal: { oldest, oldestAt, newestAt } });
    if (mending !== null) {
      const about = { channel: channel.number, newest: newest?.seq ?? 0, from: mending.from, fed };
      report("history has less than it was given", new Error(RESTORED), about);
      const after = newest?.seq ?? 0;
      if (mending.gap !== null) {
        const { seq: first } = mending.gap;
        await within(STATEMENT_MS, noteHole(db, channel.number, { after, first }));
        await this.#tell(db, mending.gap);
      }
    }
    this.#keptSince = null;
    // The end of it is read again, and the archive looked through, whatever is missing.
    return mending?.from ?? (isOlder ? fed : null);
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
