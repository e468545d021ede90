/* The last events, newest first. (recent, event) → recent. Pure. */
import type { StreamEvent } from "../kit/events.ts";
import { findGiver } from "../kit/kinds.ts";

// Singles of a purchase of gifts are told of around it.
const BEFORE_MS = 10_000;
const AFTER_MS = 120_000;

/** Adds an event; the single gifts of a purchase are no entries of their own. */
export function addRecent(
  recent: readonly StreamEvent[],
  event: StreamEvent,
  limit: number,
): readonly StreamEvent[] {
  const giver = findGiver(event);
  const isPurchase = event.type === "channel.subscription.gift";
  const isNear = (other: StreamEvent, within: number): boolean =>
    findGiver(other) === giver &&
    Math.abs(Date.parse(event.recordedtime) - Date.parse(other.recordedtime)) <= within;
  let kept = recent;
  if (giver !== null && isPurchase) {
    kept = recent.filter(
      (each) => each.type !== "channel.subscription" || !isNear(each, BEFORE_MS),
    );
  } else if (giver !== null) {
    const purchase = recent.find(
      (each) => each.type === "channel.subscription.gift" && isNear(each, AFTER_MS),
    );
    if (purchase) return recent;
  }
  return [event, ...kept].slice(0, limit);
}

/** The events that are not too old; `hours` 0: all. */
export function dropOld(
  recent: readonly StreamEvent[],
  hours: number,
  now: number,
): readonly StreamEvent[] {
  if (hours === 0) return recent;
  return recent.filter(({ recordedtime }) => now - Date.parse(recordedtime) < hours * 3_600_000);
}
