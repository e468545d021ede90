/* What advice is. Pure. */

export type Mend = "credentials" | "address" | "wait" | "look" | "nothing";

export interface Advice {
  /** Says what has happened and what to do, in a sentence or two. */
  readonly words: string;
  /** The kind of thing that the button beside it does. */
  readonly mend: Mend;
  /** Nothing is wrong. */
  readonly calm?: true;
}

/** Makes advice: the kind of thing that mends it, and the words. */
export const say = (mend: Mend, words: string): Advice => ({ words, mend });
/** Makes advice for what is no trouble. */
export const calm = (words: string): Advice => ({ words, mend: "nothing", calm: true });
