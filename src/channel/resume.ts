import type { Gap } from "../event/gap.ts";
import type { Epoch, Seq } from "../event/ids.ts";
import { formatPosition, type Position } from "../event/position.ts";

/** The bounds of a channel's log: everything after `oldest` up to `head`, in one incarnation. */
export interface LogBounds {
  readonly epoch: Epoch;
  /** The place before the oldest event that is kept. */
  readonly oldest: Seq;
  readonly head: Seq;
}

/**
 * The place where a reader that has got everything up to `after` goes on, and what it has missed. A
 * position of another incarnation, or one that does not exist yet, says nothing about this log: it
 * begins at now. One that is older than everything kept goes on with the oldest.
 */
export function resumeAfter(after: Position, log: LogBounds): { from: Seq; gap: Gap | null } {
  const given = formatPosition(after.epoch, after.seq);
  if (after.epoch !== log.epoch || after.seq > log.head) {
    const to = formatPosition(log.epoch, log.head);
    return { from: log.head, gap: { from: given, to, cause: "unknown_position", shed: null } };
  }
  if (after.seq < log.oldest) {
    return { from: log.oldest, gap: makeExpiredGap(log.epoch, after.seq, log.oldest) };
  }
  return { from: after.seq, gap: null };
}

/** Makes the gap of what lies after one place, up to another, and is no longer kept. */
export function makeExpiredGap(epoch: Epoch, after: Seq, upTo: Seq): Gap {
  return {
    from: formatPosition(epoch, after),
    to: formatPosition(epoch, upTo),
    cause: "expired",
    shed: upTo - after,
  };
}
