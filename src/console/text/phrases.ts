/* Parts of sentences: whose, how many, and no more of a text than fits a line. Pure. */

export interface Named {
  readonly name?: string;
  readonly login?: string;
  readonly id?: string;
  readonly anonymous?: boolean;
}

/** The name of somebody. */
export function nameOf(user: Named | undefined): string {
  if (user === undefined) return "somebody";
  return user.name ?? user.login ?? user.id ?? "somebody";
}

/** By whom, where that is known. */
export function sayBy(by: Named | undefined): string {
  return by === undefined ? "" : ` by ${nameOf(by)}`;
}

/** A number of something; other words where there is none. */
export function sayCount(count: number | undefined, word: string, none: string): string {
  if (count === undefined || count === 0) return none;
  return `${count.toLocaleString()} ${word}${count === 1 ? "" : "s"}`;
}

/** A text, or its beginning. */
export function cutText(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
