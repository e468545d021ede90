import type { Seq } from "../event/ids.ts";

// A provider repeats itself around a reconnect: minutes, not hours. (DESIGN 3, "Once per
// occurrence".)
export const RECENT_MS = 600_000;
export const RECENT_AT_LEAST = 5_000;

// About 25 MB of a 128 MB isolate: ten minutes at 400 events a second. Beyond that rate the window
// is shorter than ten minutes rather than the object dying of it.
export const RECENT_AT_MOST = 250_000;

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

  /** The place of an occurrence that is known already, or undefined for a new one. */
  placeOf(key: string): Seq | undefined {
    return this.#places.get(key);
  }

  add(key: string, seq: Seq): void {
    this.#places.set(key, seq);
  }

  /** Ends a group whose last event has `seq`, and forgets what is too old by now. */
  mark(seq: Seq, at: number): void {
    this.#marks.push({ seq, at });
    while (this.#marks[0] !== undefined && this.#marks[0].at < at - RECENT_MS) {
      this.#horizon = this.#marks.shift()?.seq ?? this.#horizon;
    }
    for (const [key, place] of this.#places) {
      const isOld = place <= this.#horizon && this.#places.size > RECENT_AT_LEAST;
      if (!isOld && this.#places.size <= RECENT_AT_MOST) return;
      this.#places.delete(key);
    }
  }

  get size(): number {
    return this.#places.size;
  }
}
