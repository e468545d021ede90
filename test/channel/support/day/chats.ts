import multistreamer from "../../../protocols/multistreamer/frames/chat.json";
import restream from "../../../protocols/restream/frames/events.json";
import { SECOND, type Happening, type Stage, type Told } from "./happening.ts";

/*
 * What is told by those who pass on the chat of several platforms and have no id of theirs.
 */

const FRAMES = {
  twitch: restream["4"],
  youtube: restream["5"],
  kick: restream["25"],
} as const satisfies Record<Stage, object>;

/** An event in Restream's words, by the frame that its type has. */
export function tellByRestream(
  frame: { readonly payload: object },
  { at, no }: Happening,
  words: object,
  late: number,
): Told {
  const payload = { ...frame.payload, eventIdentifier: `river-${no}`, eventPayload: words };
  const told = { ...frame, payload, timestamp: Math.floor(at / SECOND) };
  return { by: "restream", frame: told, late, named: [] };
}

/** The author, in the fields that the platform's events have. */
export function toAuthor({ stage, who }: Happening): object {
  const { name } = who;
  // Of Kick's people it has a name and no number.
  if (stage === "kick") return { username: name };
  const id = stage === "youtube" ? toChannel(who.id) : who.id;
  return stage === "youtube"
    ? { id, displayName: name }
    : { id, displayName: name, name: who.login };
}

export function toChannel(id: string): string {
  return `UC${id.padStart(22, "0")}`;
}

export function sayByRestream(happening: Happening, text: string, me = false): Told {
  const words = {
    author: toAuthor(happening),
    bot: false,
    contentModifiers: { me, whisper: false },
    text,
  };
  return tellByRestream(FRAMES[happening.stage], happening, words, 7 * SECOND);
}

export function sayByMultistreamer(happening: Happening, text: string, me = false): Told {
  const { who, at } = happening;
  const frame = {
    ...multistreamer.twitch,
    type: me ? "emote" : "text",
    text,
    markdown: text,
    timestamp: at,
    from: { id: who.id, name: who.name },
  };
  return { by: "multistreamer", frame, late: 7 * SECOND, named: [] };
}
