import { z } from "zod";

import { decode, type Decoded } from "../lib/json.ts";
import { readEntries, type Emote } from "./emote.ts";

/*
 * 7TV, version 3. What is odd about it:
 * - An account without a set has `emote_set: null` or none, and an empty set may have no `emotes`.
 * - The name that counts is the entry's: the one in `data` is its maker's.
 * - An emote that is being made or was taken away has no files.
 * - Every size has a file of each format, and beside it the name of its still form.
 */

const EmoteSet = z
  .object({
    id: z.string().nullish(),
    emotes: z.array(z.unknown()).nullish(),
    emote_count: z.unknown().optional(),
  })
  .refine(({ id, emotes, emote_count: count }) => {
    const isEmpty = typeof id === "string" && (count === undefined || count === 0);
    return isEmpty || (emotes ?? null) !== null;
  }, "has no emotes");
const Account = z.object({ id: z.string(), emote_set: EmoteSet.nullish() });

const Entry = z.object({
  id: z.string().regex(/^[0-9A-Za-z]{1,40}$/),
  name: z.string(),
  flags: z.unknown().optional(),
  data: z.object({
    animated: z.unknown().optional(),
    host: z.object({
      files: z.array(
        z.object({
          name: z.string(),
          static_name: z.string().nullish(),
          width: z.number(),
          height: z.number(),
        }),
      ),
    }),
  }),
});

const PICTURES = "https://cdn.7tv.app/emote";
// Twice the size that chat has, for screens with many pixels; the nearest to it where it is missing.
const FILES = ["2x.webp", "1x.webp", "3x.webp", "4x.webp"];
const STILL = /^[1-4]x_static\.webp$/;
const ZERO_WIDTH = 1;

/** The set that holds everywhere. */
export function decodeSevenTvSet(value: unknown): Decoded<Emote[]> {
  const set = decode(EmoteSet, value);
  return set.ok ? readEntries(set.value.emotes ?? [], readEntry) : set;
}

/** The set of an account. */
export function decodeSevenTvAccount(value: unknown): Decoded<Emote[]> {
  const account = decode(Account, value);
  return account.ok ? readEntries(account.value.emote_set?.emotes ?? [], readEntry) : account;
}

function readEntry(value: unknown): Emote | null | "unreadable" {
  const entry = Entry.safeParse(value);
  if (!entry.success) return "unreadable";
  const { id, name, flags, data } = entry.data;
  const { files } = data.host;
  const file = FILES.map((each) => files.find((one) => one.name === each)).find(
    (one) => one !== undefined,
  );
  if (file === undefined) return null;
  const still = file.static_name ?? "";
  const picture = {
    u: `${PICTURES}/${id}/${file.name}`,
    ...(data.animated === true && STILL.test(still) && { s: `${PICTURES}/${id}/${still}` }),
    w: file.width,
    h: file.height,
    z: typeof flags === "number" && (flags & ZERO_WIDTH) !== 0 ? 1 : 0,
  };
  return [name, picture];
}
