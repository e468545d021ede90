/*
 * The events of the past. Loaded when they are asked for.
 */
import type { EventOf, TypePattern } from "./event-types.ts";
import type { Http } from "./http.ts";
import type { HistoryPage, HistoryQuery } from "./types.ts";

const PAGE_MAX = 500;

/** Reads the events of the past, page by page as they are asked for. */
export async function* readPages<P extends TypePattern>(
  http: Http,
  { signal, limit = Infinity, ...asked }: HistoryQuery<P>,
): AsyncGenerator<HistoryPage<EventOf<P>>, undefined> {
  let left = limit;
  let place = {};
  while (left > 0) {
    const query = { ...asked, ...place, limit: Math.min(left, PAGE_MAX) };
    const page = await http.ask<HistoryPage<EventOf<P>>>("/events", { query, signal });
    yield page;
    left -= page.events.length;
    if (!page.hasMore || page.next === null) return;
    place = { [asked.order === "asc" ? "after" : "before"]: page.next };
  }
}
