import type { Epoch, Seq } from "./ids.ts";

/**
 * A position in a channel's log, `<epoch>-<seq>`. It is also the id of the event at that place.
 * Wherever one is accepted (socket, stream, history, webhook recovery) it means "after this".
 */
export interface Position {
  readonly epoch: Epoch;
  readonly seq: Seq;
}

const POSITION = /^([a-z0-9]{10})-(0|[1-9][0-9]{0,15})$/;

/**
 * A position of no log: whoever gives one that cannot be read is told that it is unknown, as with one
 * of a log that is gone.
 */
export const UNREADABLE_POSITION: Position = { epoch: "0000000000", seq: 0 };

/** A position as the text that everyone outside sees. */
export function formatPosition(epoch: Epoch, seq: Seq): string {
  return `${epoch}-${seq}`;
}

/** A position from text, or null if it is none. */
export function parsePosition(text: string): Position | null {
  const match = POSITION.exec(text);
  if (match === null) return null;
  const seq = Number(match[2]);
  if (!Number.isSafeInteger(seq)) return null;
  return { epoch: match[1] ?? "", seq };
}

/** A seq as the `sequence` attribute, which must sort as text: 12 digits. */
export function formatSequence(seq: Seq): string {
  return String(seq).padStart(12, "0");
}
