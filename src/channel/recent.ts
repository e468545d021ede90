import type { Seq } from "../event/ids.ts";
import { fingerprint } from "../lib/fingerprint.ts";

// A provider repeats itself around a reconnect: minutes, not hours. (DESIGN 3, "Once per
// occurrence".)
export const RECENT_MS = 600_000;
export const RECENT_AT_LEAST = 5_000;

// Ten minutes at 400 events a second. Beyond that rate the window is shorter than ten minutes rather
// than the object dying of it.
export const RECENT_AT_MOST = 250_000;

// An isolate has 128 MB for everything. Ordinary keys reach the number above before this.
const RECENT_MAX_BYTES = 24 * 1024 * 1024;

// A key is chosen by whoever tells of the occurrence, and may be as long as what it comes in. A long
// one is remembered by its fingerprint: the window is bounded in bytes, and still has so many.
const KEY_MAX_CHARS = 64;

// What a map's entry takes beside its key's characters, of two bytes each at most.
const ENTRY_BYTES = 64;

/** What is remembered of a key: itself, or of a long one what stands for it. */
export function shortKey(key: string): string {
  if (key.length <= KEY_MAX_CHARS) return key;
  // Whose it is stays, so that nobody's key can be taken for another's.
  const owner = key.slice(0, Math.max(0, Math.min(key.indexOf(" "), OWNER_MAX_CHARS)));
  return `${owner}\n${fingerprint(key)}`;
}

const OWNER_MAX_CHARS = 24;

/**
 * The occurrences of the recent past, each with the place its event has in the log. It is changed
 * in place: a copy of so many keys for every group would cost more than the events.
 */
export class RecentKeys {
  // In the order they came: a Map keeps it.
  readonly #places = new Map<string, Seq>();
  /** Up to which seq, at which time: one mark a group. */
  readonly #marks: { seq: Seq; at: number }[] = [];
  /** Up to here everything is older than the window. */
  #horizon: Seq = 0;
  #bytes = 0;

  /** The place of an occurrence that is known already, or undefined for a new one. */
  placeOf(key: string): Seq | undefined {
    return this.#places.get(shortKey(key));
  }

  add(key: string, seq: Seq): void {
    const short = shortKey(key);
    if (!this.#places.has(short)) this.#bytes += bytesOf(short);
    this.#places.set(short, seq);
  }

  /** Ends a group whose last event has `seq`, and forgets what is too old by now. */
  mark(seq: Seq, at: number): void {
    this.#marks.push({ seq, at });
    while (this.#marks[0] !== undefined && this.#marks[0].at < at - RECENT_MS) {
      this.#horizon = this.#marks.shift()?.seq ?? this.#horizon;
    }
    for (const [key, place] of this.#places) {
      const isOld = place <= this.#horizon && this.#places.size > RECENT_AT_LEAST;
      const isFull = this.#places.size > RECENT_AT_MOST || this.#bytes > RECENT_MAX_BYTES;
      if (!isOld && !isFull) return;
      this.#places.delete(key);
      this.#bytes -= bytesOf(key);
    }
  }

  get size(): number {
    return this.#places.size;
  }
}

function bytesOf(key: string): number {
  return ENTRY_BYTES + 2 * key.length;
}
