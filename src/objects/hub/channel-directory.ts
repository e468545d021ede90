import { within } from "../../deadline.ts";
import { takeTurn, type Pace } from "../../protocols/pace.ts";

// A name that was looked up so often and that no channel has is not looked up again for so long. Who
// asks for a channel, makes it, and asks again finds it at once; who asks on and on waits.
const MISSED_MS = 5_000;
const MISSED_OFTEN = 4;
const MISSED_MAX = 1_024;

// Names that no channel has, from one party: more than a mistake, fewer than a search.
const MISSES: Pace = { everyMs: 100, burst: 256 };
const PARTIES_MAX = 1_024;

const LOOK_MS = 10_000;

/**
 * Which names are channels': looked up where all channels are listed, before the object of that name
 * is asked for. An object is there as soon as it is named, so invented names must not reach one.
 */
export class ChannelDirectory {
  readonly #find: (name: string) => Promise<boolean>;
  readonly #now: () => number;
  /**
   * By name: how often it was looked up, and until when that counts. Oldest first, as is the next.
   */
  readonly #missed = new Map<string, { readonly count: number; readonly until: number }>();
  readonly #pacesAt = new Map<string, number>();
  readonly #looking = new Map<string, Promise<boolean>>();

  constructor(find: (name: string) => Promise<boolean>, now: () => number = () => Date.now()) {
    this.#find = find;
    this.#now = now;
  }

  /** Is it a channel's name? Rejects where that cannot be told, or the party has asked too much. */
  async has(name: string, party: string): Promise<boolean> {
    const now = this.#now();
    const missed = this.#missed.get(name);
    const isKnown = missed !== undefined && missed.until > now;
    if (isKnown && missed.count >= MISSED_OFTEN) return false;
    const before = this.#pacesAt.get(party) ?? 0;
    const paceAt = takeTurn(before, now, MISSES);
    if (paceAt === null) throw new Error("too many names that no channel has");
    put(this.#pacesAt, party, paceAt, PARTIES_MAX);
    const isThere = await this.#look(name);
    if (isThere) {
      const since = this.#pacesAt.get(party) ?? 0;
      put(this.#pacesAt, party, since - MISSES.everyMs, PARTIES_MAX);
    } else {
      const count = (isKnown ? missed.count : 0) + 1;
      put(this.#missed, name, { count, until: this.#now() + MISSED_MS }, MISSED_MAX);
    }
    return isThere;
  }

  #look(name: string): Promise<boolean> {
    const under = this.#looking.get(name);
    if (under !== undefined) return under;
    const look = within(LOOK_MS, this.#find(name)).finally(() => this.#looking.delete(name));
    this.#looking.set(name, look);
    return look;
  }
}

/** Puts an entry last, and lets go of the first where there are too many. */
function put<T>(map: Map<string, T>, key: string, value: T, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [first] = map.keys();
  if (map.size > max && first !== undefined) map.delete(first);
}
