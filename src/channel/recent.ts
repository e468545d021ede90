import type { Seq } from "../event/ids.ts";
import { computeFingerprint } from "../lib/fingerprint.ts";

// A provider repeats itself around a reconnect: minutes, not hours. (DESIGN 3, "Once per
// occurrence".)
export const RECENT_MS = 600_000;
export const RECENT_AT_LEAST = 5_000;

// Ten minutes at a hundred events a second. Beyond that rate the window is shorter than ten minutes
// rather than the object dying of it.
export const RECENT_AT_MOST = 60_000;

// The objects of a machine share 128 MB for everything, and there may be dozens of channels in them.
// Ordinary keys reach the number above before this.
export const RECENT_MAX_BYTES = 8 * 1024 * 1024;

// A key is chosen by whoever tells of the occurrence, and may be as long as what it comes in. A long
// one is remembered by its fingerprint: the window is bounded in bytes, and still has so many.
const KEY_MAX_CHARS = 64;

// What a map's entry takes beside its key's characters, of two bytes each at most.
const ENTRY_BYTES = 64;

/** Shortens a key to what is remembered of it: itself, or a fingerprint of a long one. */
export function shortenKey(key: string): string {
  if (key.length <= KEY_MAX_CHARS) return key;
  // Whose it is stays, so that nobody's key can be taken for another's.
  const owner = key.slice(0, Math.max(0, Math.min(key.indexOf(" "), OWNER_MAX_CHARS)));
  return `${owner}\n${computeFingerprint(key)}`;
}

const OWNER_MAX_CHARS = 24;

/** An occurrence that was told of. */
export interface Known {
  /** The place of its event. */
  readonly seq: Seq;
  /** The connections that told of it, a line each; none where only one may tell of it. */
  readonly tellers: string;
}

/** A group's part in the memory: what it brought, and what was forgotten for it. */
interface Change {
  readonly added: ReadonlyMap<string, Known>;
  /** Of those that were known before, how they were. */
  readonly replaced: ReadonlyMap<string, Known>;
  readonly forgotten: Forgotten;
}

interface Forgotten {
  readonly places: Map<string, Known>;
  readonly marks: { seq: Seq; at: number }[];
  readonly horizonBefore: Seq;
}

/** Short keys, changed in place by the newest of all `RecentKeys` that share them. */
class Memory {
  // In the order they came: a Map keeps it.
  readonly #places = new Map<string, Known>();
  /** Up to which seq, at which time: one mark a group. */
  #marks: { seq: Seq; at: number }[] = [];
  /** Up to here everything is older than the window. */
  #horizon: Seq = 0;
  #bytes = 0;

  find(key: string): Known | undefined {
    return this.#places.get(key);
  }

  add(key: string, known: Known): void {
    const before = this.#places.get(key);
    if (before !== undefined) this.#bytes -= countBytes(key, before);
    this.#bytes += countBytes(key, known);
    this.#places.set(key, known);
  }

  /** Ends a group whose last event has `seq`, and answers what it forgets as too old by now. */
  mark(seq: Seq, at: number): Forgotten {
    const forgotten: Forgotten = { places: new Map(), marks: [], horizonBefore: this.#horizon };
    this.#marks.push({ seq, at });
    while (this.#marks[0] !== undefined && this.#marks[0].at < at - RECENT_MS) {
      forgotten.marks.push(this.#marks[0]);
      this.#horizon = this.#marks.shift()?.seq ?? this.#horizon;
    }
    for (const [key, known] of this.#places) {
      const isOld = known.seq <= this.#horizon && this.#places.size > RECENT_AT_LEAST;
      const isFull = this.#places.size > RECENT_AT_MOST || this.#bytes > RECENT_MAX_BYTES;
      if (!isOld && !isFull) break;
      this.#places.delete(key);
      this.#bytes -= countBytes(key, known);
      forgotten.places.set(key, known);
    }
    return forgotten;
  }

  get size(): number {
    return this.#places.size;
  }

  /** A copy, as it was before these changes. */
  before(changes: readonly Change[]): Memory {
    let places = [...this.#places];
    let marks = [...this.#marks];
    let horizon = this.#horizon;
    for (const { added, replaced, forgotten } of changes.toReversed()) {
      places = [...forgotten.places, ...places]
        .filter(([key]) => replaced.has(key) || !added.has(key))
        .map(([key, known]) => [key, replaced.get(key) ?? known]);
      marks = [...forgotten.marks, ...marks.slice(0, -1)];
      horizon = forgotten.horizonBefore;
    }
    const copy = new Memory();
    for (const [key, known] of places) copy.add(key, known);
    copy.#marks = marks;
    copy.#horizon = horizon;
    return copy;
  }
}

/**
 * The occurrences of the recent past, each with the place its event has in the log. What is made of
 * them leaves them as they were: the newest has the keys, and each older one what has changed since.
 * A copy of so many keys for every group would cost more than the events.
 */
export class RecentKeys {
  #memory: Memory;
  /** The one made of this last, and what differs; null while this is the newest. */
  #later: { readonly keys: RecentKeys; readonly change: Change } | null = null;

  constructor(memory = new Memory()) {
    this.#memory = memory;
  }

  /** An occurrence that is known already, with those who told of it; undefined for a new one. */
  find(key: string): Known | undefined {
    const short = shortenKey(key);
    let memory = this.#memory;
    for (let later = this.#later; later !== null; later = later.keys.#later) {
      const { added, replaced, forgotten } = later.change;
      const before = replaced.get(short);
      if (before !== undefined) return before;
      if (added.has(short)) return undefined;
      const known = forgotten.places.get(short);
      if (known !== undefined) return known;
      memory = later.keys.#memory;
    }
    return memory.find(short);
  }

  /** Adds to these very keys: for filling them, before anything is made of them. */
  add(key: string, seq: Seq, tellers = ""): void {
    this.#own().add(shortenKey(key), { seq, tellers });
  }

  /** Ends a group whose last event has `seq`, and forgets what is too old by now: see `add`. */
  mark(seq: Seq, at: number): void {
    this.#own().mark(seq, at);
  }

  /** Makes others with the new keys of a group, whose last event has `seq`. */
  after(keys: ReadonlyMap<string, Known>, seq: Seq, at: number): RecentKeys {
    const added = new Map([...keys].map(([key, known]) => [shortenKey(key), known]));
    const memory = this.#own();
    const replaced = new Map<string, Known>();
    for (const [key, known] of added) {
      const before = memory.find(key);
      if (before !== undefined) replaced.set(key, before);
      memory.add(key, known);
    }
    const forgotten = memory.mark(seq, at);
    const later = new RecentKeys(memory);
    this.#later = { keys: later, change: { added, replaced, forgotten } };
    return later;
  }

  get size(): number {
    const { memory, changes } = this.#newest();
    const grown = changes.map(
      ({ added, replaced, forgotten }) => added.size - replaced.size - forgotten.places.size,
    );
    return memory.size - grown.reduce((sum, each) => sum + each, 0);
  }

  /** The memory, to be changed; a copy, if others were made of these keys before. */
  #own(): Memory {
    if (this.#later !== null) {
      const { memory, changes } = this.#newest();
      this.#memory = memory.before(changes);
      this.#later = null;
    }
    return this.#memory;
  }

  /** The memory as the newest has it, and what has changed since, the first change first. */
  #newest(): { memory: Memory; changes: readonly Change[] } {
    let memory = this.#memory;
    const changes: Change[] = [];
    for (let later = this.#later; later !== null; later = later.keys.#later) {
      changes.push(later.change);
      memory = later.keys.#memory;
    }
    return { memory, changes };
  }
}

function countBytes(key: string, { tellers }: Known): number {
  // The first teller's name is one of few.
  const more = tellers.includes("\n") ? tellers.length : 0;
  return ENTRY_BYTES + 2 * (key.length + more);
}
