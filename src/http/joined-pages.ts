import type { Page } from "../store/history/pages.ts";

/** Joins a page of the database with what the journal has after it. */
export function joinPages(first: Page, second: Page, limit: number): Page {
  const events = [...first.events, ...second.events];
  const kept = events.slice(0, limit);
  const last = kept.at(-1);
  const { from } = first;
  if (kept.length === events.length || last === undefined) {
    return { events: kept, from, seenTo: second.seenTo, hasMore: second.hasMore };
  }
  return { events: kept, from, seenTo: last.seq, hasMore: true };
}
