import type { ChannelStub } from "../asking.ts";
import { RelayError } from "../errors.ts";
import { EVERYTHING, type Filter } from "../event/filter.ts";
import type { Seq } from "../event/ids.ts";
import { formatPosition, parsePosition } from "../event/position.ts";
import { findKeptAfter } from "../store/history/block-rows.ts";
import type { ChannelRecord } from "../store/history/channels.ts";
import { readPage, type Page } from "../store/history/pages.ts";
import { findPlaceSince, findSeqBefore } from "../store/history/places.ts";
import type { LoggedEvent } from "../store/logged-event.ts";
import { mask } from "../store/mask.ts";
import { addSeen } from "../store/seen.ts";
import { EXPORT_LIMITS, findExportEnd } from "./export-range.ts";
import { readContaining } from "./history-search.ts";
import { joinPages } from "./joined-pages.ts";
import { unwrapAnswer } from "./problems.ts";

/** A question about a channel's history. Positions exclude themselves; times are half open. */
export interface HistoryQuery {
  readonly after: string | undefined;
  readonly before: string | undefined;
  /** Milliseconds since 1970, of when events were recorded. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly order: "asc" | "desc";
  readonly limit: number;
  readonly filter: Filter;
  readonly raw: boolean;
  /** Lets events through by what they hold, as they may be shown; every one where there is none. */
  readonly contains?: ((text: string) => boolean) | undefined;
}

/** A page of history, over database and journal as one. */
export interface HistoryPage {
  readonly events: readonly LoggedEvent[];
  /** Goes into `after` when ascending and into `before` when descending; null at the end. */
  readonly next: string | null;
  readonly hasMore: boolean;
  /** The gap: what `after` or `since` asked for and is no longer kept. */
  readonly gap: { from: string; to: string; cause: "expired" } | null;
  /** It reaches the newest event: the same question may have another answer any moment. */
  readonly isOpen: boolean;
}

/** A page of an export. */
export interface ExportPage extends HistoryPage {
  /** The place where the next answer goes on, if one has no room for all: said by the first page. */
  readonly goesOnAt: string | null;
}

/** A query's bounds as places: after the one, up to and with the other. */
interface Range {
  readonly after: Seq;
  readonly upTo: Seq;
  /** It was said where to begin: what is no longer kept of that is missed. */
  readonly isNamed: boolean;
}

// Pages that a filter may look through in vain before an answer is due: each is a bounded range.
const LOOKS = 4;

/**
 * A channel's history, read through its object for the newest events and the database for all else.
 */
export class History {
  readonly #db: D1Database;
  readonly #object: ChannelStub;
  readonly #channel: ChannelRecord;

  constructor(db: D1Database, object: ChannelStub, channel: ChannelRecord) {
    this.#db = db;
    this.#object = object;
    this.#channel = channel;
  }

  async page(query: HistoryQuery): Promise<HistoryPage> {
    return (await this.#pageOf(query, await this.#range(query))).shown;
  }

  /** One event, as it may be shown; null if it is not kept. */
  async event(seq: Seq): Promise<LoggedEvent | null> {
    // The journal first: it is never behind, and never has what was erased.
    const place = unwrapAnswer(await this.#object.eventAt(this.#channel.epoch, seq));
    if (place.event !== null) return place.event;
    const only = { after: seq - 1, upTo: seq, order: "asc", limit: 1 } as const;
    const query = { ...only, channel: this.#channel.number, filter: EVERYTHING, raw: true };
    const { events } = await readPage(this.#session(place.bookmark), query);
    return mask(events, place.erasures)[0] ?? null;
  }

  /**
   * Pages in a row until there are no more, or as many as one answer has room for, each read when the
   * last has been taken. The first says where the next answer has to go on.
   */
  async *pages(query: HistoryQuery, limits = EXPORT_LIMITS): AsyncGenerator<ExportPage, void> {
    const isUp = query.order === "asc";
    // Times become places once: what is taken away meanwhile must not move them.
    let range = await this.#range(query);
    for (let isFirst = true; ; isFirst = false) {
      const { shown, seenTo, from, head } = await this.#pageOf(query, range);
      const upTo = Math.min(range.upTo, head);
      const after = isUp ? Math.max(range.after, from) : range.after;
      const end = isFirst
        ? findExportEnd({ order: query.order, after, upTo, seenTo }, limits)
        : null;
      if (end !== null) range = isUp ? { ...range, upTo: end } : { ...range, after: end };
      yield { ...shown, goesOnAt: end === null ? null : this.#position(isUp ? end : end + 1) };
      if (!shown.hasMore) return;
      range = isUp ? { ...range, after: seenTo, isNamed: true } : { ...range, upTo: seenTo };
    }
  }

  async #pageOf(
    query: HistoryQuery,
    range: Range,
  ): Promise<{ shown: HistoryPage; seenTo: Seq; from: Seq; head: Seq }> {
    const { page, head } = await this.#read(query, range);
    if (range.after > head) throw makeUnknownPosition("after");
    const shown = {
      events: page.events,
      next: this.#next(query.order, page),
      hasMore: page.hasMore,
      gap: range.isNamed ? this.#gap(range.after, page.from) : null,
      isOpen: query.order === "asc" ? !page.hasMore : range.upTo >= head,
    };
    return { shown, seenTo: page.seenTo, from: page.from, head };
  }

  #next(order: "asc" | "desc", page: Page): string | null {
    if (order === "asc") return this.#position(page.seenTo);
    return page.hasMore ? this.#position(page.seenTo + 1) : null;
  }

  /** Makes the gap between the place that was asked for and the one where the page begins. */
  #gap(after: Seq, from: Seq): HistoryPage["gap"] {
    if (from <= after) return null;
    return { from: this.#position(after), to: this.#position(from), cause: "expired" };
  }

  /** Reads until there is something to answer with, or enough has been looked through. */
  async #read(query: HistoryQuery, range: Range): Promise<{ page: Page; head: Seq }> {
    const { contains } = query;
    if (contains !== undefined) {
      const read = (after: Seq, upTo: Seq, limit: number): Promise<{ page: Page; head: Seq }> =>
        this.#readOnce({ ...query, limit }, after, upTo);
      return readContaining(read, { ...query, ...range, contains });
    }
    let { after, upTo } = range;
    let from: Seq | null = null;
    for (let looks = 1; ; looks++) {
      const { page, head } = await this.#readOnce(query, after, upTo);
      // What is missing in between is told where the next answer begins.
      if (query.order === "asc" && from !== null && page.from > after) {
        return { page: { events: [], from, seenTo: after, hasMore: true }, head };
      }
      // The pages of one answer begin where the first of them begins: the others follow it upwards.
      from = query.order === "asc" ? (from ?? page.from) : page.from;
      const isEnough = page.events.length > 0 || !page.hasMore || looks === LOOKS;
      if (isEnough) return { page: { ...page, from }, head };
      if (query.order === "asc") after = page.seenTo;
      else upTo = page.seenTo;
    }
  }

  async #readOnce(
    { order, limit, filter, raw }: HistoryQuery,
    after: Seq,
    upTo: Seq,
  ): Promise<{ page: Page; head: Seq }> {
    const asked = { after, upTo, order, filter, limit };
    const frontier = unwrapAnswer(await this.#object.frontier(asked));
    if (frontier.epoch !== this.#channel.epoch) {
      throw new RelayError("unavailable", "The channel was just made anew. Try again.");
    }
    const { head, fed, tail, erasures, sightings, bookmark } = frontier;
    const older = { after, upTo: Math.min(upTo, head, fed) };
    const read = async (most: number): Promise<Page> => {
      if (older.after >= older.upTo) {
        return { events: [], from: after, seenTo: older.after, hasMore: false };
      }
      // A replica that has not seen all that was fed would leave a hole before the tail.
      const db = this.#session(bookmark);
      const query = { ...older, channel: this.#channel.number, order, limit: most, filter, raw };
      const page = await readPage(db, query);
      return { ...page, events: addSeen(mask(page.events, erasures), sightings) };
    };
    if (order === "asc") {
      const first = await read(limit);
      return { page: first.hasMore ? first : joinPages(first, tail, limit), head };
    }
    if (tail.hasMore || tail.events.length >= limit) {
      const hasMore = tail.hasMore || older.after < older.upTo;
      // Going down, what is missing at the end is told from the first page on.
      const from =
        older.after < older.upTo
          ? await findKeptAfter(this.#session(bookmark), this.#channel.number, older)
          : after;
      return { page: { ...tail, from, hasMore }, head };
    }
    const rest = await read(limit - tail.events.length);
    return { page: { ...rest, events: [...tail.events, ...rest.events] }, head };
  }

  /** The query's bounds as places: after the one, up to and with the other. */
  async #range(query: HistoryQuery): Promise<Range> {
    const { after, before, since, until } = query;
    return {
      after: Math.max(
        after === undefined ? 0 : this.#seqOf(after, "after"),
        since === undefined ? 0 : await this.#placeOf(since, findPlaceSince),
      ),
      upTo: Math.min(
        before === undefined ? Number.MAX_SAFE_INTEGER : this.#seqOf(before, "before") - 1,
        until === undefined ? Number.MAX_SAFE_INTEGER : await this.#placeOf(until, findSeqBefore),
      ),
      isNamed: after !== undefined || since !== undefined,
    };
  }

  /** A time as a place of the log; what the journal cannot tell, history does. */
  async #placeOf(time: number, inHistory: typeof findSeqBefore): Promise<Seq> {
    const recent = await this.#object.seqBefore(time);
    return recent ?? inHistory(this.#session(), this.#channel.number, time);
  }

  #session(bookmark: string | null = null): D1DatabaseSession {
    return this.#db.withSession(bookmark ?? "first-primary");
  }

  #seqOf(text: string, parameter: string): Seq {
    const position = parsePosition(text);
    if (position === null) {
      throw new RelayError("invalid_input", `${parameter} is no position.`, {
        problems: [{ parameter, detail: "is no position" }],
      });
    }
    if (position.epoch !== this.#channel.epoch) throw makeUnknownPosition(parameter);
    return position.seq;
  }

  #position(seq: Seq): string {
    return formatPosition(this.#channel.epoch, seq);
  }
}

function makeUnknownPosition(parameter: string): RelayError {
  return new RelayError("position_unknown", `${parameter} is not of this channel's log.`, {
    problems: [{ parameter, detail: "is not of this channel's log" }],
  });
}
