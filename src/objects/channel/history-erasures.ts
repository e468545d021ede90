import { pause, within } from "../../deadline.ts";
import { formatUserKey, type Erasure } from "../../event/erasure.ts";
import type { Seq } from "../../event/ids.ts";
import { report } from "../../report.ts";
import { eraseInHistory, type Look, type Reach } from "../../store/history/erasing.ts";
import { raiseMark } from "../../store/history/marks.ts";
import { rememberErasures } from "../../store/journal/erased.ts";
import {
  addFoundNames,
  dropErasures,
  isAtWork,
  isJournalPending,
  listErasures,
  saveErasures,
  type PendingErasure,
} from "../../store/journal/erasures.ts";
import { eraseInJournal } from "../../store/journal/tombstones.ts";
import { hasErrands } from "../../store/object/errands.ts";
import type { ChannelArchive } from "./archive.ts";
import { noteMark } from "./history-mending.ts";
import { STATEMENT_MS } from "./history-statement.ts";

// D1 answers 1,000 statements an invocation, and history is to be fed by the same: a long search goes
// on in the next, which an alarm begins.
const STATEMENTS_A_RUN = 300;

// About what a part of the bucket that is looked through asks of the database.
const SWEEP_STATEMENTS = 40;

// Known places that are seen to in one go: what is read of them is bounded by itself.
const PLACES = 200;

/** The history's writer, as far as erasing needs it. */
export interface ErasingPort {
  readonly storage: DurableObjectStorage;
  readonly channelNumber: number;
  readonly archive: ChannelArchive;
  /** The channel is gone: what storage holds by now may be another one's. */
  isStopped(): boolean;
  /** A statement has been carried out: reads that must see it come after this. */
  noteStatement(db: D1DatabaseSession): void;
  /** Something in history was changed. */
  changed(): void;
  /** An erasure is carried out, and no longer pending. */
  erased(erasure: Erasure): void;
  /** More names of somebody were found: webhooks are to hear of them. Within the transaction. */
  tellNames(): void;
  /** After it. */
  told(): void;
}

/** Carries out what is pending, in the journal and in history, as far as one run may. */
export class HistoryEraser {
  readonly #port: ErasingPort;
  #statements = 0;
  #sweeping: Promise<void> | null = null;

  constructor(port: ErasingPort) {
    this.#port = port;
  }

  /** A run begins. */
  begin(): void {
    this.#statements = 0;
  }

  /** Has this run asked of the database what it may? */
  get isSpent(): boolean {
    return this.#statements >= STATEMENTS_A_RUN;
  }

  /**
   * Looks through the rest of a journal that was too long for one go, whether or not there is a
   * history; others have their turns in between. Never throws.
   */
  sweep(): Promise<void> {
    if (!isJournalPending(this.#port.storage.sql)) return Promise.resolve();
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = null;
    });
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { storage } = this.#port;
    try {
      while (
        !this.#port.isStopped() &&
        storage.transactionSync(() => eraseInJournal(storage.sql))
      ) {
        await pause(0);
      }
    } catch (error) {
      // It goes on with the next run; until then readers mask what is left.
      report("journal not looked through", error, { channel: this.#port.channelNumber });
    }
  }

  /**
   * Goes on in history by one step, with all that is pending in one: first at known places, then
   * through blocks from the end downwards. Answers whether to go on.
   */
  async eraseNext(db: D1DatabaseSession): Promise<boolean> {
    if (this.#port.isStopped() || this.isSpent) return false;
    const { storage } = this.#port;
    const pending = listErasures(storage.sql).filter(({ journal }) => journal === null);
    const reach = findReach(pending);
    if (reach === null) {
      this.#settle(pending, pending, null);
      return false;
    }
    const erasures = pending.map(({ erasure }) => erasure);
    const look = await this.#look(db, erasures, reach);
    // After it: one that is not carried out yet has not seen this mark.
    const mark = await within(STATEMENT_MS, raiseMark(db, this.#port.channelNumber));
    this.#port.noteStatement(db);
    this.#statements += 1;
    if (this.#port.isStopped()) return false;
    this.#settle(
      pending,
      pending.map((each) => {
        const { platform, scope } = each.erasure;
        const userId = scope.kind === "person" ? scope.userId : "";
        const names = look.names.get(formatUserKey({ platform, userId })) ?? [];
        return addFoundNames(advance(each, reach, look.after), names);
      }),
      mark,
    );
    await this.sweep();
    return true;
  }

  async #look(db: D1DatabaseSession, erasures: readonly Erasure[], reach: Reach): Promise<Look> {
    const { channelNumber } = this.#port;
    try {
      const look = await within(STATEMENT_MS, eraseInHistory(db, channelNumber, erasures, reach));
      this.#statements += look.statements;
      this.#port.noteStatement(db);
      return look.after > 0 ? look : await this.#lookInArchive(db, erasures, reach, look);
    } finally {
      // Also one that failed may have been carried out.
      this.#port.changed();
    }
  }

  /** Looks at what is older than all that the database has. */
  async #lookInArchive(
    db: D1DatabaseSession,
    erasures: readonly Erasure[],
    reach: Reach,
    newer: Look,
  ): Promise<Look> {
    const { archive } = this.#port;
    // What is to be erased may be there once more, where no row tells of it, or a row tells of what is
    // not there: that is seen to first, and nothing has been seen until then.
    if (archive.isInDoubt) {
      await archive.sweep(db, Date.now());
      this.#port.noteStatement(db);
      this.#statements += SWEEP_STATEMENTS;
      return { ...newer, after: "seqs" in reach ? Math.max(...reach.seqs) : reach.upTo };
    }
    const older = await archive.erase(db, erasures, reach);
    this.#port.noteStatement(db);
    this.#statements += older.statements;
    return { ...older, names: joinNames(newer.names, older.names) };
  }

  /**
   * Writes down how far the erasures are, and lets go of those that are done. `mark`: the one that
   * history has now; null where it was not asked.
   */
  #settle(
    before: readonly PendingErasure[],
    after: readonly PendingErasure[],
    mark: number | null,
  ): void {
    const { storage } = this.#port;
    // Webhooks were told when it began; of the names that were found since, when the search is over.
    const isTold = after.some(
      (each, index) => isNamed(each) && !isAtWork(each) && isAtWork(before[index] ?? each),
    );
    const isAwaited = isTold || hasErrands(storage.sql, "webhook-forget");
    const isDone = (each: PendingErasure): boolean =>
      !isAtWork(each) && !(isAwaited && each.erasure.scope.kind === "person");
    storage.transactionSync(() => {
      const done = after.filter(isDone);
      dropErasures(
        storage.sql,
        done.map(({ number }) => number),
      );
      rememberErasures(
        storage.sql,
        done.map(({ erasure }) => erasure),
        Date.now(),
      );
      saveErasures(
        storage.sql,
        after.filter((each) => !isDone(each)),
      );
      if (isTold) this.#port.tellNames();
      if (mark !== null) noteMark(storage.sql, mark, "raised");
    });
    if (isTold) this.#port.told();
    for (const each of after) if (isDone(each)) this.#port.erased(each.erasure);
  }
}

function joinNames(one: Look["names"], other: Look["names"]): Look["names"] {
  const joined = new Map(one);
  for (const [key, names] of other) joined.set(key, [...(joined.get(key) ?? []), ...names]);
  return joined;
}

function isNamed({ erasure: { scope } }: PendingErasure): boolean {
  return scope.kind === "person" && scope.names.length > 0;
}

/** Finds the part of history that is looked at next; null for nowhere any more. */
function findReach(pending: readonly PendingErasure[]): Reach | null {
  const places = [...new Set(pending.flatMap(({ places: seqs }) => seqs))];
  if (places.length > 0) return { seqs: places.toSorted((a, b) => b - a).slice(0, PLACES) };
  const upTo = Math.max(0, ...pending.map(({ below }) => below));
  return upTo === 0 ? null : { upTo };
}

/** An erasure after a look: everything after a place was seen. */
function advance(pending: PendingErasure, reach: Reach, after: Seq): PendingErasure {
  if ("seqs" in reach) {
    const seen = new Set(reach.seqs.filter((seq) => seq > after));
    return { ...pending, places: pending.places.filter((seq) => !seen.has(seq)) };
  }
  const isSeen = pending.below > after && pending.below <= reach.upTo;
  return isSeen ? { ...pending, below: after } : pending;
}
