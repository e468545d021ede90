import { toEvent, type StreamEvent } from "../event/event.ts";
import type { Epoch, Seq } from "../event/ids.ts";
import { formatTime } from "../lib/time.ts";

/*
 * A database that was put back to an earlier time has less of a channel than the channel has given
 * it. The journal still has what came last.
 */

/** The facts that a channel knows of its log when it looks at what history has. */
export interface Compared {
  readonly channel: string;
  readonly epoch: Epoch;
  /** Up to where history was given everything. */
  readonly fed: Seq;
  /** The newest event that history has, and when it was recorded; null for none at all. */
  readonly newest: { readonly seq: Seq; readonly at: number } | null;
  /** The place before the journal's oldest event, when that was recorded, and when its newest. */
  readonly journal: { readonly oldest: Seq; readonly oldestAt: number; readonly newestAt: number };
  /** The time before which nothing is kept any longer. */
  readonly keptSince: number;
}

/** How history is mended. */
export interface Mending {
  /** The place after which the journal is fed again. */
  readonly from: Seq;
  /**
   * An event that stands in the place of the last one that is lost, and tells of all that are; null
   * where none is.
   */
  readonly gap: {
    readonly seq: Seq;
    readonly recordedAt: number;
    readonly event: StreamEvent;
  } | null;
}

/** Decides what is fed again, and what is lost; null where history has what it should have. */
export function mendHistory(about: Compared): Mending | null {
  const { channel, epoch, fed, newest, journal, keptSince } = about;
  if ((newest?.seq ?? 0) >= fed) return null;
  // Retention has taken everything, and would take it again.
  if (newest === null && journal.newestAt < keptSince) return null;
  const from = Math.max(newest?.seq ?? 0, Math.min(journal.oldest, fed));
  if (from === (newest?.seq ?? 0)) return { from, gap: null };
  const recordedAt = Math.max(journal.oldestAt, newest?.at ?? 0);
  const data = {
    identifier: "history",
    from: formatTime(newest?.at ?? journal.oldestAt),
    to: formatTime(recordedAt),
    cause: "the database was restored",
  };
  const place = { channel, epoch, seq: from, recordedAt, provider: "relay" as const };
  const event = toEvent({ type: "connection.gap", data, platform: "tributary" }, place);
  return { from, gap: { seq: from, recordedAt, event } };
}
