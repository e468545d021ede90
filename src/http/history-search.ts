import type { Seq } from "../event/ids.ts";
import type { Page } from "../store/history/pages.ts";
import type { LoggedEvent } from "../store/logged-event.ts";

/*
 * A search of history by what events hold. There is no index of words: events are read, as many as
 * one request may, and the answer says where the next goes on.
 */

// Events that one request looks through, so many at a time; an export looks through a page of its own.
const LOOK_EVENTS = 1_000;
const LOOKS = 5;

/** A search of a range of the log. */
interface Search {
  readonly after: Seq;
  readonly upTo: Seq;
  readonly order: "asc" | "desc";
  readonly limit: number;
  readonly contains: (text: string) => boolean;
}

type Read = (after: Seq, upTo: Seq, limit: number) => Promise<{ page: Page; head: Seq }>;

/** Reads until as many are found as were asked for, or enough has been looked through. */
export async function readContaining(
  read: Read,
  search: Search,
): Promise<{ page: Page; head: Seq }> {
  const { order, limit, contains } = search;
  const isUp = order === "asc";
  const looks = limit > LOOK_EVENTS ? 1 : LOOKS;
  const found: LoggedEvent[] = [];
  let { after, upTo } = search;
  let from: Seq | null = null;
  for (let look = 1; ; look++) {
    const { page, head } = await read(after, upTo, Math.max(limit, LOOK_EVENTS));
    // What is missing in between is told where the next page begins.
    if (isUp && from !== null && page.from > after) {
      return { page: { events: found, from, seenTo: after, hasMore: true }, head };
    }
    // The pages of one answer begin where the first of them begins: the others follow it upwards.
    from = isUp ? (from ?? page.from) : page.from;
    const passing = page.events.filter(({ text }) => contains(text));
    const room = limit - found.length;
    found.push(...passing.slice(0, room));
    const last = found.at(-1);
    if (passing.length > room && last !== undefined) {
      const seenTo = isUp ? last.seq : last.seq - 1;
      return { page: { events: found, from, seenTo, hasMore: true }, head };
    }
    if (!page.hasMore || look === looks || found.length === limit) {
      return { page: { ...page, events: found, from }, head };
    }
    if (isUp) after = page.seenTo;
    else upTo = page.seenTo;
  }
}
