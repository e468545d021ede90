import { isBetweenCharacters } from "../lib/characters.ts";
import type { Fragment, Message } from "./shapes.ts";
import { placeSpans, type Counting, type Span } from "./spans.ts";

export type { Span } from "./spans.ts";

/**
 * A message with nothing special about it: the rest is for the codec to fill in. Without an id, or
 * with an empty one, it has none.
 */
export function makeMessage(id: string | undefined, fragments: readonly Fragment[]): Message {
  return {
    ...(id !== undefined && id !== "" && { id }),
    text: joinFragments(fragments),
    fragments: [...fragments],
    action: false,
    highlighted: false,
    first: false,
  };
}

/** The id under which a gateway tells a message that may have none of its own. */
export function chooseMessageId(event: { readonly id: string }, { id = "" }: Message): string {
  return id === "" ? event.id : id;
}

/** Every id that a message which was deleted may have been served by. */
export function listDeletedIds({
  messageIds,
  eventIds = [],
}: {
  readonly messageIds: readonly string[];
  readonly eventIds?: readonly string[] | undefined;
}): string[] {
  return [...new Set([...messageIds, ...eventIds])];
}

/** The text that a row of fragments makes. */
export function joinFragments(fragments: readonly Fragment[]): string {
  return fragments.map((fragment) => fragment.text).join("");
}

// A link ends at white space or a quote; a mention begins a word. Trailing stops belong to the text.
// Letters of many scripts have marks, and join: they are of the name.
const LINK_OR_MENTION =
  /https?:\/\/[^\s"<>]+[^\s"<>.,;:!?)\]}']|(?<![^\s([{"'])@[\p{L}\p{N}_][\p{L}\p{N}\p{M}_\u200c\u200d]{1,39}/giu;

/** Plain text as fragments: links and mentions by themselves, the rest between them. */
export function splitFragments(text: string): Fragment[] {
  if (text === "") return [];
  if (!text.includes("://") && !text.includes("@")) return [{ type: "text", text }];
  const fragments: Fragment[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK_OR_MENTION)) {
    const found = match[0];
    if (!isWholeRange(text, match.index, found)) continue;
    if (match.index > end) fragments.push({ type: "text", text: text.slice(end, match.index) });
    fragments.push(
      found.startsWith("@")
        ? { type: "mention", text: found }
        : { type: "link", text: found, url: found },
    );
    end = match.index + found.length;
  }
  if (end < text.length) fragments.push({ type: "text", text: text.slice(end) });
  return fragments;
}

function isWholeRange(text: string, start: number, found: string): boolean {
  return isBetweenCharacters(text, start) && isBetweenCharacters(text, start + found.length);
}

/** Text as fragments, with the given ranges marked: no fragment holds half a character. */
export function splitAtSpans(
  text: string,
  spans: readonly Span[],
  counting: Counting = {},
): Fragment[] {
  const fragments: Fragment[] = [];
  let end = 0;
  for (const span of placeSpans(text, spans, counting)) {
    fragments.push(...splitFragments(text.slice(end, span.start)));
    fragments.push({ ...span.fragment, text: text.slice(span.start, span.end) });
    end = span.end;
  }
  fragments.push(...splitFragments(text.slice(end)));
  return fragments;
}
