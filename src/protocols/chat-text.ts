import { makeMessage, splitAtSpans } from "../event/message.ts";
import type { Fragment, Message } from "../event/shapes.ts";
import type { Span, TextUnit } from "../event/spans.ts";

/*
 * Reading of what somebody wrote, from the text that a platform has of it: `/me`, emotes by their places, and
 * emotes in a platform's own notation. The same whoever passes it on.
 */

/** A text as it came, with what is said about it. */
export interface ChatText {
  /** Left out where the message has none. */
  readonly id?: string | undefined;
  readonly text: string;
  /** The platform that it was written on. */
  readonly platform: string;
  /** The ranges that are marked, where the text itself does not say what is an emote. */
  readonly spans?: readonly Span[];
  /** How the provider may have counted them. Without it they are UTF-16 units of what was said. */
  readonly units?: readonly TextUnit[];
  /** The provider says that it is `/me`. */
  readonly isAction?: boolean;
}

/** The message that a text is: without control words, its fragments in a row its text. */
export function readChatText({ id, text, platform, spans, units, isAction }: ChatText): Message {
  const action = readAction(text);
  const isSaidToBe = action.isAction || isAction === true;
  // Places are counted within what was said, or, by who does not say how, with the word before it.
  const shifts = (units?.length ?? 0) > 1 && isSaidToBe ? [0, ACTION.length + 1] : [0];
  const own = findEmotes(platform, action.text);
  const fragments =
    own.length > 0
      ? splitAtSpans(action.text, own)
      : splitAtSpans(action.text, spans ?? [], { units: units ?? ["utf-16"], shifts });
  return { ...makeMessage(id, fragments), action: isSaidToBe };
}

const ACTION = "\u0001ACTION";
const ACTION_END = "\u0001";

/**
 * Takes `/me` of IRC off, which Twitch and whoever passes its chat on write as a text between control
 * characters: `\u0001ACTION waves\u0001`. The last may be missing, and so may the words.
 */
export function readAction(text: string): { readonly text: string; readonly isAction: boolean } {
  if (!text.startsWith(ACTION)) return { text, isAction: false };
  const rest = text.slice(ACTION.length);
  const words = rest.endsWith(ACTION_END) ? rest.slice(0, -ACTION_END.length) : rest;
  if (words !== "" && !words.startsWith(" ")) return { text, isAction: false };
  return { text: words.slice(1), isAction: true };
}

/** Programs add a character that is not seen to a text that is said twice: it is none of the text. */
export function dropUnseen(text: string): string {
  const end = text.endsWith(ACTION_END) ? ACTION_END : "";
  const words = text.slice(0, text.length - end.length);
  return words.replace(/ ?\u{E0000}[ \u{E0000}]*$/u, "") + end;
}

/** Reads words that stand by themselves: what marks them as `/me`, or is not seen, is none of them. */
export function readPlainWords(text: string = ""): string {
  return readAction(dropUnseen(text)).text;
}

/** Writes `/me` as Twitch does. */
export function writeAction(words: string): string {
  return `${ACTION} ${words}${ACTION_END}`;
}

/**
 * Marks what a provider has cut out of a text, in order: fragments whose texts in a row are the text,
 * with or without the control words of `/me`. None where they are another text.
 */
export function spansOf(text: string, fragments: readonly Fragment[]): readonly Span[] {
  const { text: words } = readAction(text);
  const row = fragments.map((fragment) => fragment.text).join("");
  const skipped = readAction(row).isAction ? row.indexOf(" ") + 1 : 0;
  if (readAction(row).text !== words) return [];
  const spans: Span[] = [];
  let at = -skipped;
  for (const { text: part, ...fragment } of fragments) {
    const start = at;
    at += part.length;
    if (fragment.type === "text") continue;
    spans.push({ start: Math.max(0, start), end: Math.min(words.length, at), fragment });
  }
  return spans;
}

/** An emote of Twitch's, with its picture. Half a surrogate pair, which no address can hold, is replaced. */
export function makeTwitchEmote(id: string): Span["fragment"] {
  const path = encodeURIComponent(id.toWellFormed());
  const image = `https://static-cdn.jtvnw.net/emoticons/v2/${path}/default/dark/2.0`;
  return { type: "emote", id, image };
}

/** Reads a part of a text as Twitch's own events have it cut. */
export function readTwitchFragment(type: unknown, text: string, id: string | undefined): Fragment {
  if (type === "mention" || type === "cheermote") return { type, text };
  if (type !== "emote") return { type: "text", text };
  return id === undefined ? { type, text } : { ...makeTwitchEmote(id), text };
}

// YouTube's own, `:face-blue-smiling:`, and a channel's, `:_foxWave:`. None begins with a digit, so that
// no time of day has one.
const EMOJI = /:[_a-z][\w-]{0,100}:/gi;

/** Makes a message of what YouTube has of somebody's words. No picture of its emoji is told. */
export function readYouTubeText(id: string | undefined, text: string): Message {
  const spans = [...text.matchAll(EMOJI)].map((match): Span => {
    const [name] = match;
    const start = match.index;
    return { start, end: start + name.length, fragment: { type: "emote" } };
  });
  return makeMessage(id, splitAtSpans(text, spans));
}

// An emote of Kick's is written by its id and its name: [emote:37226:KEKW].
const KICK_EMOTE = /\[emote:(\d{1,20}):[^\][\s]{0,100}\]/g;

/** Finds the emotes that a platform has in the text itself. */
function findEmotes(platform: string, text: string): readonly Span[] {
  if (platform !== "kick") return [];
  return [...text.matchAll(KICK_EMOTE)].map((match): Span => {
    const [name, id = ""] = match;
    const image = `https://files.kick.com/emotes/${id}/fullsize`;
    const fragment = { type: "emote" as const, id, image };
    return { start: match.index, end: match.index + name.length, name, fragment };
  });
}
