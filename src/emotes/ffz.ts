import { z } from "zod";

import { decode, isRecord, lookUp, type Decoded } from "../lib/json.ts";
import { readEntries, type Emote } from "./emote.ts";

/*
 * FrankerFaceZ, version 1. What is odd about it:
 * - Both answers have their sets by number. Of those that hold everywhere `default_sets` names
 *   which do: the others are some people's only. A room names its own set.
 * - Width and height are those of the smallest picture.
 * - Only the smallest picture is there for certain. Addresses may begin with `//`.
 * - An emote that moves has the moving pictures in `animated`, and the still ones where others have
 *   theirs.
 * - Emotes that are hidden, and modifiers that only change the one before, are no pictures.
 */

const Sets = z.record(z.string(), z.unknown());
const EmoteSet = z.object({ emoticons: z.array(z.unknown()) });
const SetNumber = z.union([z.number(), z.string()]).transform(String);

const Global = z.object({ default_sets: z.array(SetNumber), sets: Sets });
const Room = z.object({ room: z.object({ set: SetNumber }), sets: Sets });

const Pictures = z.record(z.string(), z.unknown());

const Entry = z.object({
  name: z.string(),
  width: z.number(),
  height: z.number(),
  hidden: z.unknown().optional(),
  modifier: z.unknown().optional(),
  modifier_flags: z.unknown().optional(),
  urls: Pictures,
  animated: z.unknown().optional(),
});

const ADDRESS = /^(?:https:)?(\/\/cdn\.frankerfacez\.com\/[\w./-]{1,120})$/;
// Twice the size that chat has; the nearest to it where it is missing.
const SCALES = [2, 4, 1];
const HIDDEN = 1;

/** The sets that hold everywhere. */
export function decodeFfzGlobal(value: unknown): Decoded<Emote[]> {
  const global = decode(Global, value);
  return global.ok ? readSets(global.value.sets, global.value.default_sets) : global;
}

/** The set of an account's room. */
export function decodeFfzRoom(value: unknown): Decoded<Emote[]> {
  const room = decode(Room, value);
  return room.ok ? readSets(room.value.sets, [room.value.room.set]) : room;
}

function readSets(sets: z.infer<typeof Sets>, numbers: readonly string[]): Decoded<Emote[]> {
  const found = numbers.flatMap((number) => {
    const set = EmoteSet.safeParse(lookUp(sets, number));
    return set.success ? [set.data.emoticons] : [];
  });
  if (found.length === 0 && numbers.length > 0) return { ok: false, problem: "no set is readable" };
  return readEntries(found.flat(), readEntry);
}

function readEntry(value: unknown): Emote | null | "unreadable" {
  const entry = Entry.safeParse(value);
  if (!entry.success) return "unreadable";
  const { name, width, height, hidden, modifier, modifier_flags: flags } = entry.data;
  if (hidden === true || (modifier === true && isOnlyAnEffect(flags))) return null;
  const still = findPicture(entry.data.urls);
  const { animated } = entry.data;
  const moving = isRecord(animated) ? findPicture(animated) : null;
  const shown = moving ?? still;
  if (shown === null) return null;
  const picture = {
    u: shown.address,
    ...(moving !== null && still !== null && { s: still.address }),
    w: Math.round(width * shown.scale),
    h: Math.round(height * shown.scale),
    z: modifier === true ? 1 : 0,
  };
  return [name, picture];
}

function isOnlyAnEffect(flags: unknown): boolean {
  return typeof flags === "number" && (flags & HIDDEN) !== 0;
}

function findPicture(
  pictures: Readonly<Record<string, unknown>>,
): { readonly address: string; readonly scale: number } | null {
  for (const scale of SCALES) {
    const address = lookUp(pictures, String(scale));
    const [, rest] = typeof address === "string" ? (ADDRESS.exec(address) ?? []) : [];
    if (rest !== undefined) return { address: `https:${rest}`, scale };
  }
  return null;
}
