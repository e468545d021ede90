import type { Span } from "../../../event/message.ts";

// An emote is a word. A bound on its length, so that brackets in thousands are looked at once each.
const PICTURE = /!\[(\S{1,100}?)\]\((https?:\/\/[^\s()]+)\)/g;

// The longest message of Twitch, the only network with emotes, has 500 characters.
const EMOTES_AT_MOST = 500;

// Twitch's own addresses of emotes: /emoticons/v1/<id>/1.0
const EMOTE_ID = /\/emoticons\/v1\/([^/]+)\//;

/**
 * Finds the places of the emotes in a message. The markdown is the text with pictures instead of
 * emotes: each is looked for in the text by its name, a word by itself, behind the one before.
 */
export function findEmotes(text: string, markdown: string): Span[] {
  const pictures = [...markdown.matchAll(PICTURE)].slice(0, EMOTES_AT_MOST);
  const spans: Span[] = [];
  let from = 0;
  for (const [, name = "", image = ""] of pictures) {
    // An address that somebody typed becomes a link unescaped, whatever it holds: what looks like a
    // picture in it is that person's, and would be loaded by everyone who looks.
    if (text.includes(image)) continue;
    const start = findWord(text, name, from);
    if (start === -1) continue;
    from = start + name.length;
    const [, id] = EMOTE_ID.exec(image) ?? [];
    const fragment = { type: "emote" as const, ...(id !== undefined && { id }), image };
    spans.push({ start, end: from, fragment });
  }
  return spans;
}

/** Finds the word in the text from an index on; -1 if it is not there. */
function findWord(text: string, word: string, from: number): number {
  for (let at = text.indexOf(word, from); at !== -1; at = text.indexOf(word, at + 1)) {
    const isWord = isGap(text[at - 1]) && isGap(text[at + word.length]);
    if (isWord) return at;
  }
  return -1;
}

function isGap(unit: string | undefined): boolean {
  return unit === undefined || unit.trim() === "";
}
