import type { Line } from "./line.ts";

/**
 * Something the emulator says. It renders itself for each socket, since a protocol may dress the
 * same occurrence differently for each subscription; the same utterance renders to the same bytes
 * every time, which is what makes an exact repeat exact.
 */
export interface Utterance {
  /** What happened: usually one thing, more where the protocol can put several into one frame. */
  readonly spoken: readonly Spoken[];
  /** None where that socket did not ask for it. */
  framesFor(line: Line): readonly string[];
  /** Set once somebody heard it: from then on it is a repeat. */
  wasHeard?: boolean;
}

/** One occurrence, in the words of the truth. */
export interface Spoken {
  readonly kind: string;
  readonly key: string | null;
  readonly target: string | null;
  readonly text?: string;
  /** Its place in a burst. All items of one burst share the mark itself, not a copy. */
  readonly burst?: { readonly mark: BurstMark; readonly number: number };
}

export interface BurstMark {
  readonly prefix: string;
  readonly keyStem: string;
  /** For a protocol without ids: the key ends with the item's whole text instead of its number. */
  readonly keyEnd?: "text";
}
