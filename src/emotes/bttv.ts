import { z } from "zod";

import { decode, type Decoded } from "../lib/json.ts";
import { readEntries, type Emote } from "./emote.ts";

/*
 * BetterTTV. What is odd about it:
 * - The list that holds everywhere is an array; an account's are two, its own and those it was lent.
 * - Width and height are told only where they are not 28.
 * - Older entries say that they move by the format `gif` alone.
 * - Modifiers (`w!`, `h!`) stand among the emotes, and are no pictures.
 * - That an emote has no width of its own is not told: it is so for eight of those everywhere.
 */

const Global = z.array(z.unknown());
const Account = z.object({
  channelEmotes: z.array(z.unknown()),
  sharedEmotes: z.array(z.unknown()),
});

const Entry = z.object({
  id: z.string().regex(/^[0-9A-Za-z]{1,40}$/),
  code: z.string(),
  imageType: z.unknown().optional(),
  animated: z.unknown().optional(),
  modifier: z.unknown().optional(),
  width: z.unknown().optional(),
  height: z.unknown().optional(),
});

const PICTURES = "https://cdn.betterttv.net/emote";
const USUAL_SIDE = 28;
const SCALE = 2;

const LAID_OVER: readonly string[] = [
  "SoSnowy",
  "IceCold",
  "SantaHat",
  "TopHat",
  "ReinDeer",
  "CandyCane",
  "cvMask",
  "cvHazmat",
];

/** The list that holds everywhere. */
export function decodeBttvGlobal(value: unknown): Decoded<Emote[]> {
  const list = decode(Global, value);
  if (!list.ok) return list;
  return readEntries(list.value, (entry) => readEntry(entry, LAID_OVER));
}

/** The lists of an account. */
export function decodeBttvAccount(value: unknown): Decoded<Emote[]> {
  const account = decode(Account, value);
  if (!account.ok) return account;
  const { channelEmotes, sharedEmotes } = account.value;
  return readEntries([...channelEmotes, ...sharedEmotes], (entry) => readEntry(entry, []));
}

function readEntry(value: unknown, laidOver: readonly string[]): Emote | null | "unreadable" {
  const entry = Entry.safeParse(value);
  if (!entry.success) return "unreadable";
  const { id, code, imageType, animated, modifier, width, height } = entry.data;
  if (modifier === true) return null;
  const isMoving = animated === true || imageType === "gif";
  const picture = {
    u: `${PICTURES}/${id}/${SCALE}x`,
    ...(isMoving && { s: `${PICTURES}/${id}/static/${SCALE}x.webp` }),
    w: readSide(width) * SCALE,
    h: readSide(height) * SCALE,
    z: laidOver.includes(code) ? 1 : 0,
  };
  return [code, picture];
}

function readSide(pixels: unknown): number {
  return typeof pixels === "number" ? pixels : USUAL_SIDE;
}
