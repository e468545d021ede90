import type { Gap } from "../event/gap.ts";
import type { Epoch, Seq } from "../event/ids.ts";
import { formatPosition, type Position } from "../event/position.ts";

/** What a channel's log holds: everything after `oldest` up to `head`, in one incarnation. */
export interface LogBounds {
  readonly epoch: Epoch;
  /** The place before the oldest event that is kept. */
  readonly oldest: Seq;
  readonly head: Seq;
}

/**
 * Where a reader that has got everything up to `after` goes on, and what it has missed. A position
 * of another incarnation, or one that does not exist yet, says nothing about this log: it begins
 * at now. One that is older than everything kept goes on with the oldest.
 */
export function resumeAfter(after: Position, log: LogBounds): { from: Seq; gap: Gap | null } {
  const given = formatPosition(after.epoch, after.seq);
  if (after.epoch !== log.epoch || after.seq > log.head) {
    const to = formatPosition(log.epoch, log.head);
    return { from: log.head, gap: { from: given, to, cause: "unknown_position", shed: null } };
  }
  if (after.seq < log.oldest) {
    const to = formatPosition(log.epoch, log.oldest);
    const shed = log.oldest - after.seq;
    return { from: log.oldest, gap: { from: given, to, cause: "expired", shed } };
  }
  return { from: after.seq, gap: null };
}
