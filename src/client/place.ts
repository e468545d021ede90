/*
 * Places in a channel's log. A position is `<epoch>-<seq>`: an event's id, and "after this event"
 * wherever one is accepted.
 */
import type { Position } from "./event-types.ts";

/** The number of a place within its log. */
export function seqOf(position: Position): number {
  return Number(position.slice(position.lastIndexOf("-") + 1));
}

/** The name of the log that a place is of: a channel that was made anew has another. */
export function epochOf(position: Position): string {
  return position.slice(0, position.lastIndexOf("-"));
}

/** The place before an event. */
export function placeBefore(position: Position): Position {
  return positionAt(epochOf(position), seqOf(position) - 1);
}

/** Makes the position of a place. */
export function positionAt(epoch: string, seq: number): Position {
  return `${epoch}-${seq}`;
}

/** Does a place come after another? One of another log always does: places are not compared. */
export function isAfter(position: Position, other: Position | null): boolean {
  return other === null || epochOf(position) !== epochOf(other) || seqOf(position) > seqOf(other);
}
