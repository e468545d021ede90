/* What a person is told about a reason, and the kind of thing that mends it. Pure. */

export type Mend = "credentials" | "address" | "wait" | "look" | "nothing";

export interface Advice {
  /** Says what has happened and what to do, in a sentence or two. */
  readonly words: string;
  /** The kind of thing that the button beside it does. */
  readonly mend: Mend;
  /** Nothing is wrong. */
  readonly calm?: true;
}

export const say = (mend: Mend, words: string): Advice => ({ words, mend });
export const calm = (words: string): Advice => ({ words, mend: "nothing", calm: true });

export const AWAY = say(
  "wait",
  "The service is away or answered badly. It is tried again by itself.",
);
