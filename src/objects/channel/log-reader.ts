import { resumeAfter, type LogBounds } from "../../channel/resume.ts";
import { within } from "../../deadline.ts";
import type { Erasure } from "../../event/erasure.ts";
import { matches, type Filter } from "../../event/filter.ts";
import type { Gap } from "../../event/gap.ts";
import type { Seq } from "../../event/ids.ts";
import type { Position } from "../../event/position.ts";
import { Erasures } from "../../event/tombstone.ts";
import { readPage, type Page, type PageQuery } from "../../store/history/pages.ts";
import { readHistoryBounds } from "../../store/history/places.ts";
import { listErasures, listJournalErasures } from "../../store/journal/erasures.ts";
import {
  findFirstRecordedFrom,
  readJournalBounds,
  readJournalEvents,
} from "../../store/journal/groups.ts";
import { PAGE_MAX_BYTES, countPageBytes, type LoggedEvent } from "../../store/logged-event.ts";
import { mask, maskOne } from "../../store/mask.ts";
import type { Reader } from "../clients/reader.ts";
import { LookBack } from "./look-back.ts";
import type { ChannelPort } from "./ports.ts";

/** A reader's way to the log. */
export interface ReaderHost extends Pick<ChannelPort, "storage" | "db" | "channel" | "head"> {
  /** The writer of history: a read with its bookmark sees all that it has written. */
  readonly feed: { readonly bookmark: string | null };
}

/**
 * A replay's page: about what a socket may have unread before it is thought slow, so that what comes
 * after it does not find the socket behind.
 */
const PAGE_EVENTS = 128;
const PAGE_BYTES = 256 * 1024;

// Events looked at for one page of a filter that lets little through, so that a page stays short
// work for an object that does one thing at a time.
const PAGE_LOOKS = 2_000;

// Ranges of history that are looked through for the last events of a filter: one that lets so
// little through begins with what was found in these.
const REWIND_LOOKS = 4;

// A client waits for its replay; a database that takes longer than this is as good as away.
const HISTORY_MS = 10_000;

/** Reads a channel's log from wherever it is: the journal for the recent, history for the older. */
export class LogReader implements Reader {
  readonly #host: ReaderHost;
  readonly #lookBack = new LookBack();
  /** Reads of history under way: for each, what was erased since it began. */
  readonly #reads = new Set<Erasure[]>();

  constructor(host: ReaderHost) {
    this.#host = host;
  }

  /** An erasure is carried out: what is being read may be from before it. */
  noteErased(erasure: Erasure): void {
    for (const read of this.#reads) read.push(erasure);
  }

  /** Finds where to go on after a position, and the gap. Asks history only about old positions. */
  async resume(after: Position): Promise<{ from: Seq; gap: Gap | null }> {
    const { epoch, number } = this.#host.channel;
    const journal = this.#journalOldest();
    const log: LogBounds = { epoch, oldest: 0, head: this.#host.head() };
    if (after.epoch !== epoch || after.seq >= journal) return resumeAfter(after, log);
    const history = await this.#ask((db) => readHistoryBounds(db, number));
    return resumeAfter(after, { ...log, oldest: Math.min(history?.oldest ?? journal, journal) });
  }

  /** The place after which the last `count` events that the filter lets through begin. */
  async rewind(count: number, filter: Filter, party: string): Promise<Seq> {
    const head = this.#host.head();
    const journal = this.#journalOldest();
    const place = { after: journal, upTo: head };
    const recent = await this.#lookBack.find(party, place, count, (upTo, limit) =>
      this.fromJournal(journal, upTo, "desc", filter, limit),
    );
    let { count: found } = recent;
    let first = recent.first ?? head + 1;
    if (found === count || !recent.isWhole || journal === 0) return first - 1;
    let upTo = journal;
    for (let looks = 1; ; looks++) {
      const limit = count - found;
      const page = await this.#page({ after: 0, upTo, order: "desc", limit, filter });
      first = page.events.at(-1)?.seq ?? first;
      found += page.events.length;
      upTo = page.seenTo;
      if (found === count || !page.hasMore || looks === REWIND_LOOKS) return first - 1;
    }
  }

  /**
   * The next events after a place, oldest first, as far as one page goes. From the journal it is
   * answered at once, so that nothing can happen in between; from history it takes a while.
   */
  next(after: Seq, filter: Filter, raw: boolean, upTo = this.#host.head()): Page | Promise<Page> {
    const journal = this.#journalOldest();
    const bounds = { limit: PAGE_EVENTS, maxBytes: PAGE_BYTES };
    if (after >= journal) return this.#readJournal(after, upTo, "asc", filter, bounds);
    const end = Math.min(upTo, journal);
    return this.#page({ after, upTo: end, order: "asc", filter, raw, ...bounds });
  }

  /** One page of what the journal holds between two places. */
  fromJournal(after: Seq, upTo: Seq, order: "asc" | "desc", filter: Filter, limit: number): Page {
    return this.#readJournal(after, upTo, order, filter, { limit, maxBytes: PAGE_MAX_BYTES });
  }

  #readJournal(
    after: Seq,
    upTo: Seq,
    order: "asc" | "desc",
    filter: Filter,
    { limit, maxBytes }: { readonly limit: number; readonly maxBytes: number },
  ): Page {
    const events: LoggedEvent[] = [];
    let looks = 0;
    let bytes = 0;
    for (const event of this.#readShown({ after, upTo, order })) {
      const isWanted = matches(filter, event);
      if (isWanted) bytes += countPageBytes(event);
      const isFull = events.length === limit || looks === PAGE_LOOKS;
      if (isFull || (events.length > 0 && bytes > maxBytes)) {
        // This one is yet to be seen.
        const seenTo = order === "asc" ? event.seq - 1 : event.seq;
        return { events, from: after, seenTo, hasMore: true };
      }
      looks += 1;
      if (isWanted) events.push(event);
    }
    return { events, from: after, seenTo: order === "asc" ? upTo : after, hasMore: false };
  }

  /** One event, if the journal has it. */
  at(seq: Seq): LoggedEvent | null {
    const place = { after: seq - 1, upTo: seq, order: "asc" as const };
    for (const event of this.#readShown(place)) return event;
    return null;
  }

  /** The journal's events as they may be shown: a long one is not looked through at once. */
  *#readShown(range: Parameters<typeof readJournalEvents>[1]): Generator<LoggedEvent, void> {
    const { sql } = this.#host.storage;
    const pending = listJournalErasures(sql).map(({ erasure }) => erasure);
    const erasures = pending.length === 0 ? null : new Erasures(pending);
    for (const event of readJournalEvents(sql, range)) {
      yield (erasures === null ? null : maskOne(event, erasures)) ?? event;
    }
  }

  /**
   * The place of the last event recorded before a time; null where the journal begins later, so
   * that only history can tell.
   */
  seqBefore(time: number): Seq | null {
    const first = findFirstRecordedFrom(this.#host.storage.sql, time);
    if (first === null) return this.#host.head();
    return first - 1 > this.#journalOldest() || first === 1 ? first - 1 : null;
  }

  async #page(query: Omit<PageQuery, "channel">): Promise<Page> {
    const { channel, storage } = this.#host;
    const carriedOut: Erasure[] = [];
    this.#reads.add(carriedOut);
    try {
      const page = await this.#ask((db) => readPage(db, { ...query, channel: channel.number }));
      // As of now, and not of when it was read.
      const pending = listErasures(storage.sql).map(({ erasure }) => erasure);
      return { ...page, events: mask(page.events, [...carriedOut, ...pending]) };
    } finally {
      this.#reads.delete(carriedOut);
    }
  }

  #ask<T>(question: (db: D1DatabaseSession) => Promise<T>): Promise<T> {
    const session = this.#host.db.withSession(this.#host.feed.bookmark ?? "first-primary");
    return within(HISTORY_MS, question(session));
  }

  #journalOldest(): Seq {
    return readJournalBounds(this.#host.storage.sql)?.oldest ?? this.#host.head();
  }
}
