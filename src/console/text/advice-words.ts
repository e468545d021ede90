/* Words that several reasons have in common, and how they are said. Pure. */

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

export const TOKEN = say("credentials", "The token was refused. Get a new one and paste it.");
export const NEEDED = say("credentials", "This needs a token, and none that fits was given.");
export const NOT_FOUND = say(
  "address",
  "There is no such stream at this address. Look at the name and the address.",
);
export const AWAY = say(
  "wait",
  "The service is away or answered badly. It is tried again by itself.",
);
export const MANY = say("wait", "Too much at once for the service. It is tried again by itself.");
export const QUIET = calm("Nothing to hear: it is not live. It comes back by itself.");
export const MINDED = say(
  "look",
  "The service minded what was sent. Look at the unreadable frames.",
);
export const OVER = say("nothing", "It did not come about in time and is not sent any more.");
