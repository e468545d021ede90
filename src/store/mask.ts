import type { Erasable } from "../event/erase-data.ts";
import type { Erasure } from "../event/erasure.ts";
import { Erasures } from "../event/tombstone.ts";
import type { LoggedEvent } from "./logged-event.ts";

/** Events with tombstones in place of those that are erased and that are still kept in full. */
export function mask(
  events: readonly LoggedEvent[],
  erasures: readonly Erasure[],
): readonly LoggedEvent[] {
  if (erasures.length === 0) return events;
  const all = new Erasures(erasures);
  return events.map((logged) => maskOne(logged, all) ?? logged);
}

/** The event that the orders leave; null where none of them reaches it. */
export function maskOne(logged: LoggedEvent, erasures: Erasures): LoggedEvent | null {
  // It was written down as an event.
  const event = JSON.parse(logged.text) as Erasable;
  const raw: unknown = logged.raw === null ? null : JSON.parse(logged.raw);
  const left = erasures.apply(logged.seq, event, raw);
  return left === null ? null : { ...logged, text: JSON.stringify(left.event), raw: null };
}
