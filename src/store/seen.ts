import type { Seq } from "../event/ids.ts";
import { addSeenVia, type Sighted, type Sighting } from "../event/sighting.ts";
import type { LoggedEvent } from "./logged-event.ts";

/** Events with the connections that told of them later, where that is known beside them. */
export function addSeen<T extends LoggedEvent>(
  events: readonly T[],
  sightings: readonly Sighting[],
): readonly T[] {
  if (sightings.length === 0) return events;
  const bySeq = new Map<Seq, string[]>();
  for (const { seq, connection } of sightings) {
    bySeq.set(seq, [...(bySeq.get(seq) ?? []), connection]);
  }
  return events.map((event) => addAll(event, bySeq.get(event.seq) ?? []));
}

/** The event itself where nothing is new. */
function addAll<T extends LoggedEvent>(event: T, connections: readonly string[]): T {
  if (connections.length === 0) return event;
  // It was written down as an event.
  const before = JSON.parse(event.text) as Sighted;
  const seen = connections.reduce(
    (each, connection) => addSeenVia(each, connection) ?? each,
    before,
  );
  return seen === before ? event : { ...event, text: JSON.stringify(seen) };
}
