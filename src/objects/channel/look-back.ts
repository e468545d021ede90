import { pause } from "../../deadline.ts";
import type { Seq } from "../../event/ids.ts";
import { FairTurns } from "../../lib/fair-turns.ts";
import type { Page } from "../../store/history/pages.ts";

// Pages that are looked through for one question: of a filter that lets nothing through each is some
// ten milliseconds of an object that does one thing at a time.
const PAGES_MAX = 10;

// Between two pages of one question everybody else has the object for several times as long as it had.
const PAUSE_MS = 100;

// Questions of one party that wait for their turn.
const WAITING_MAX = 64;

/**
 * The result of a search: `first` is the oldest place, `isWhole` says whether all of the range was
 * seen.
 */
interface Found {
  readonly count: number;
  readonly first: Seq | null;
  readonly isWhole: boolean;
}

/** Looks back from the end of a range, a page at a time, in turns that parties share. */
export class LookBack {
  readonly #turns = new FairTurns(1, 1);

  /** `read` answers the page, newest first, that ends at a place and has at most so many events. */
  async find(
    party: string,
    { after, upTo }: { readonly after: Seq; readonly upTo: Seq },
    count: number,
    read: (upTo: Seq, limit: number) => Page,
  ): Promise<Found> {
    if (this.#turns.countOf(party) >= WAITING_MAX)
      throw new Error("too much is looked for at once");
    let found: Found = { count: 0, first: null, isWhole: upTo <= after };
    let end = upTo;
    for (let page = 0; page < PAGES_MAX && !found.isWhole && found.count < count; page++) {
      const endTurn = await this.#turns.take(party);
      try {
        const { events, seenTo, hasMore } = read(end, count - found.count);
        const first = events.at(-1)?.seq ?? found.first;
        found = { count: found.count + events.length, first, isWhole: !hasMore };
        end = seenTo;
        if (hasMore && found.count < count) await pause(PAUSE_MS);
      } finally {
        endTurn();
      }
    }
    return found;
  }
}
