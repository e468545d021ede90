import { z } from "zod";

import type { Decoded } from "../lib/json.ts";

/** A word that is shown as a picture. The letters are short: a list has thousands of them. */
export const Picture = z.object({
  u: z.string().meta({ description: "The picture's address." }),
  s: z.string().optional().meta({
    description: "The address of its still form, where it moves and there is one.",
  }),
  w: z.int().meta({ description: "The width of the picture at `u`, in pixels." }),
  h: z.int().meta({ description: "Its height." }),
  z: z.int().min(0).max(1).meta({
    description: "1: has no width of its own, and is laid over the emote before it.",
  }),
});
export type Picture = z.infer<typeof Picture>;

/** A picture with the word that it stands for. */
export type Emote = readonly [name: string, picture: Picture];

/** The most emotes that are taken of one list: the largest sets have a thousand or two. */
export const LIST_MAX = 5_000;

// A name is a word of a chat message.
const NAME_MAX_CHARS = 100;
const NO_WORD = /[\s\p{Cc}\p{Cf}\p{Cs}]/u;

// More than any service allows, at any size.
const SIDE_MAX = 4_096;

/** Is it one word that somebody can write? */
export function isEmoteName(name: string): boolean {
  return name !== "" && name.length <= NAME_MAX_CHARS && !NO_WORD.test(name);
}

/** Is it the width or the height of a picture? */
export function isSide(pixels: number): boolean {
  return Number.isInteger(pixels) && pixels >= 1 && pixels <= SIDE_MAX;
}

/**
 * Reads each entry of a list; what cannot be read, or is no emote, is left out. A list of which
 * nothing can be read is another format than the one that is known: a problem, and not an empty list.
 */
export function readEntries(
  entries: readonly unknown[],
  read: (entry: unknown) => Emote | null | "unreadable",
): Decoded<Emote[]> {
  const emotes: Emote[] = [];
  let isReadable = entries.length === 0;
  for (const entry of entries.slice(0, LIST_MAX)) {
    const emote = read(entry);
    if (emote === "unreadable") continue;
    isReadable = true;
    if (emote === null) continue;
    const [name, { w, h }] = emote;
    if (isEmoteName(name) && isSide(w) && isSide(h)) emotes.push(emote);
  }
  return isReadable ? { ok: true, value: emotes } : { ok: false, problem: "no entry is readable" };
}
