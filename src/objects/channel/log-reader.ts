import { resumeAfter, type LogBounds } from "../../channel/resume.ts";
import { matches, type Filter } from "../../event/filter.ts";
import type { Gap } from "../../event/gap.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import type { Position } from "../../event/position.ts";
import { historyBounds } from "../../store/history/events.ts";
import { readPage, type Page, type PageQuery } from "../../store/history/pages.ts";
import { listErasures } from "../../store/journal/erasures.ts";
import { firstRecordedFrom, journalBounds, journalEvents } from "../../store/journal/groups.ts";
import type { LoggedEvent } from "../../store/logged-event.ts";
import { mask } from "../../store/mask.ts";
import type { Reader } from "../clients/reader.ts";
import { within } from "../deadline.ts";

/** Where a reader finds the log. */
export interface ReaderHost {
  readonly storage: DurableObjectStorage;
  readonly db: D1Database;
  readonly channelNumber: number;
  readonly epoch: Epoch;
  head(): Seq;
  bookmark(): string | null;
}

/** A replay's page: about what a socket may have unread before it is thought slow. */
const PAGE_EVENTS = 128;

// Events looked at for one page of a filter that lets little through, so that a page stays short
// work for an object that does one thing at a time.
const PAGE_LOOKS = 2_000;

// A client waits for its replay; a database that takes longer than this is as good as away.
const HISTORY_MS = 10_000;

/** Reads a channel's log from wherever it is: the journal for the recent, history for the older. */
export class LogReader implements Reader {
  readonly #host: ReaderHost;

  constructor(host: ReaderHost) {
    this.#host = host;
  }

  /** Where to go on after a position, and what was missed. Asks history only about old positions. */
  async resume(after: Position): Promise<{ from: Seq; gap: Gap | null }> {
    const { epoch, channelNumber } = this.#host;
    const journal = this.#journalOldest();
    const log: LogBounds = { epoch, oldest: 0, head: this.#host.head() };
    if (after.epoch !== epoch || after.seq >= journal) return resumeAfter(after, log);
    const history = await this.#ask((db) => historyBounds(db, channelNumber));
    return resumeAfter(after, { ...log, oldest: Math.min(history?.oldest ?? journal, journal) });
  }

  /** The place after which the last `count` events that the filter lets through begin. */
  async rewind(count: number, filter: Filter): Promise<Seq> {
    const head = this.#host.head();
    const journal = this.#journalOldest();
    let found = 0;
    let first = head + 1;
    const { sql } = this.#host.storage;
    for (const event of journalEvents(sql, { after: journal, upTo: head, order: "desc" })) {
      if (!matches(filter, event)) continue;
      first = event.seq;
      found += 1;
      if (found === count) return first - 1;
    }
    if (journal === 0) return first - 1;
    const limit = count - found;
    const page = await this.#page({ after: 0, upTo: journal, order: "desc", limit, filter });
    return (page.events.at(-1)?.seq ?? first) - 1;
  }

  /**
   * The next events after a place, oldest first, as far as one page goes. From the journal it is
   * answered at once, so that nothing can happen in between; from history it takes a while.
   */
  next(after: Seq, filter: Filter, raw: boolean, upTo = this.#host.head()): Page | Promise<Page> {
    const journal = this.#journalOldest();
    if (after >= journal) return this.fromJournal(after, upTo, "asc", filter, PAGE_EVENTS);
    const end = Math.min(upTo, journal);
    return this.#page({ after, upTo: end, order: "asc", limit: PAGE_EVENTS, filter, raw });
  }

  /** One page of what the journal holds between two places. */
  fromJournal(after: Seq, upTo: Seq, order: "asc" | "desc", filter: Filter, limit: number): Page {
    const events: LoggedEvent[] = [];
    let looks = 0;
    for (const event of journalEvents(this.#host.storage.sql, { after, upTo, order })) {
      if (events.length === limit || looks === PAGE_LOOKS) {
        // This one is yet to be seen.
        return { events, seenTo: order === "asc" ? event.seq - 1 : event.seq, hasMore: true };
      }
      looks += 1;
      if (matches(filter, event)) events.push(event);
    }
    return { events, seenTo: order === "asc" ? upTo : after, hasMore: false };
  }

  /** One event, if the journal has it. */
  at(seq: Seq): LoggedEvent | null {
    const place = { after: seq - 1, upTo: seq, order: "asc" as const };
    for (const event of journalEvents(this.#host.storage.sql, place)) return event;
    return null;
  }

  /**
   * The place of the last event recorded before a time; null where the journal begins later, so
   * that only history can tell.
   */
  seqBefore(time: number): Seq | null {
    const first = firstRecordedFrom(this.#host.storage.sql, time);
    if (first === null) return this.#host.head();
    return first - 1 > this.#journalOldest() || first === 1 ? first - 1 : null;
  }

  async #page(query: Omit<PageQuery, "channel">): Promise<Page> {
    const { channelNumber, storage } = this.#host;
    const page = await this.#ask((db) => readPage(db, { ...query, channel: channelNumber }));
    const erasures = listErasures(storage.sql).map((pending) => pending.erasure);
    return { ...page, events: mask(page.events, erasures) };
  }

  #ask<T>(question: (db: D1DatabaseSession) => Promise<T>): Promise<T> {
    const session = this.#host.db.withSession(this.#host.bookmark() ?? "first-primary");
    return within(HISTORY_MS, question(session));
  }

  #journalOldest(): Seq {
    return journalBounds(this.#host.storage.sql)?.oldest ?? this.#host.head();
  }
}
