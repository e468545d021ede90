import type { DraftOf } from "../../../event/event.ts";
import { formatConnectionId, Platform } from "../../../event/ids.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { findFirst } from "../../../lib/given.ts";
import type { Json } from "../../../lib/json.ts";
import { isTime } from "../../../lib/time.ts";
import { SOURCES, type EventPayload, type Frame } from "../wire/frames.ts";

/** The parts of a draft that every Restream event has alike: whose, when, and known by what. */
export type RestreamEnvelope = Pick<
  DraftOf<"chat.message">,
  "platform" | "connectionId" | "time" | "key" | "raw"
>;

export function makeEnvelope(frame: Frame, event: EventPayload): RestreamEnvelope {
  return {
    platform: toPlatform(event.connectionIdentifier, event.eventSourceId),
    connectionId: formatConnectionId("restream", event.connectionIdentifier),
    ...toTime(frame),
    key: toKey(frame, event),
    raw: frame.payload as Json,
  };
}

/**
 * `eventIdentifier` is not unique, so it takes the connection, the type, the second and the words
 * as well to tell one occurrence from another.
 */
function toKey(frame: Frame, event: EventPayload): string {
  const words = computeFingerprint(JSON.stringify(event.eventPayload));
  return [
    event.connectionIdentifier,
    readId(event),
    event.eventTypeId,
    frame.timestamp ?? "",
    words,
  ].join("/");
}

/** Reads an event's identifier. Several events may share one. */
export function readId(event: EventPayload): string {
  return findFirst(event.eventIdentifier, event.eventId) ?? "";
}

/** A frame tells its time in seconds. */
export function toTime(frame: Frame): { time?: number } {
  const time = Math.floor((frame.timestamp ?? NaN) * 1000);
  return isTime(time) && time > 0 ? { time } : {};
}

/** The platform behind a connection: its source's, or else the identifier's second part. */
export function toPlatform(identifier: string, eventSourceId: number | null | undefined): string {
  const known = eventSourceId == null ? undefined : SOURCES[eventSourceId];
  if (known !== undefined) return known;
  const second = identifier.split("-")[1]?.toLowerCase() ?? "";
  if (/^[a-z][a-z0-9]{0,31}$/.test(second)) return second;
  if (eventSourceId == null) return "unknown";
  return Platform.safeParse(`source-${eventSourceId}`).data ?? "unknown";
}
