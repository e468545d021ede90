import type { Seq } from "./ids.ts";

/** A connection told of an event that another had told of before. */
export interface Sighting {
  /** The event's place. */
  readonly seq: Seq;
  readonly connection: string;
  /** Its key as it is stored, where the event has another or none. */
  readonly key?: string;
}

/** Parts several keys that are stored with one event. None has it by then. */
export const ALSO = "\0";

/** An event, as far as a sighting changes it. */
export type Sighted = Readonly<Record<string, unknown>>;

// A channel has a hundred providers at most; more than a few that tell of one thing say nothing new.
export const SEEN_VIA_MAX = 20;

/** An event with one more connection that told of it; null where it is known to have. */
export function addSeenVia(event: Sighted, connection: string): Sighted | null {
  const { data, seenVia, ...envelope } = event;
  const known = Array.isArray(seenVia) ? (seenVia as unknown[]) : [];
  const isKnown = connection === event["connectionid"] || known.includes(connection);
  if (isKnown || known.length >= SEEN_VIA_MAX) return null;
  return { ...envelope, seenVia: [...known, connection], data };
}
