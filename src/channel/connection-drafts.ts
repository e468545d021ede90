import type { EventDraft } from "../event/event.ts";
import { formatTime } from "../lib/time.ts";
import { toConnection, type ConnectionEntry } from "./connection-map.ts";

/** Drafts the event of a connection that is new or has changed. */
export function draftConnectionUpdated(entry: ConnectionEntry): EventDraft {
  return { ...describeConnection(entry), type: "connection.updated", data: toConnection(entry) };
}

/** Drafts the event of a connection that has gone. */
export function draftConnectionClosed(entry: ConnectionEntry, reason: string): EventDraft {
  const { identifier, uuid } = entry;
  return {
    ...describeConnection(entry),
    type: "connection.closed",
    data: { identifier, uuid, reason },
  };
}

/** The gap that an entry's outage leaves, now that it is over. */
export function draftGapAfter(entry: ConnectionEntry | undefined, at: number): EventDraft[] {
  if (entry === undefined || entry.missingSince === null) return [];
  const { identifier, missingSince, missingCause } = entry;
  const data = {
    identifier,
    from: formatTime(missingSince),
    // A clock that went back must not turn it round.
    to: formatTime(Math.max(missingSince, at)),
    cause: missingCause ?? "unknown",
  };
  return [{ ...describeConnection(entry), type: "connection.gap", data }];
}

function describeConnection(entry: ConnectionEntry): { platform: string; connectionId: string } {
  return { platform: entry.platform, connectionId: entry.identifier };
}
