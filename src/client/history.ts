import type { EventOf, TypePattern } from "./event-types.ts";
import type { Http } from "./http.ts";
import type { History, HistoryPage, HistoryQuery } from "./types.ts";

const PAGE_MAX = 500;

/** The events of the past, read as they are asked for. */
export function openHistory<P extends TypePattern>(
  http: Http,
  { signal, limit = Infinity, types, providers, platforms, ...range }: HistoryQuery<P>,
): History<EventOf<P>> {
  const isAscending = range.order === "asc";
  const lists = {
    types: types?.join(),
    providers: providers?.join(),
    platforms: platforms?.join(),
  };
  const pages = async function* (): AsyncGenerator<HistoryPage<EventOf<P>>, undefined> {
    let left = limit;
    let place = {};
    while (left > 0) {
      const query = { ...range, ...lists, ...place, limit: Math.min(left, PAGE_MAX) };
      const page = await http.ask<HistoryPage<EventOf<P>>>("/events", { query, signal });
      yield page;
      left -= page.events.length;
      if (!page.hasMore || page.next === null) return;
      place = { [isAscending ? "after" : "before"]: page.next };
    }
  };
  return {
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.events;
    },
  };
}
