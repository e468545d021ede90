import type { Fragment, Message } from "./shapes.ts";

/** A message with nothing special about it: the rest is for the codec to fill in. */
export function makeMessage(id: string, fragments: readonly Fragment[]): Message {
  return {
    id,
    text: joinFragments(fragments),
    fragments: [...fragments],
    action: false,
    highlighted: false,
    first: false,
  };
}

/** The text that a row of fragments makes. */
export function joinFragments(fragments: readonly Fragment[]): string {
  return fragments.map((fragment) => fragment.text).join("");
}

// A link ends at white space or a quote; a mention begins a word. Trailing stops belong to the text.
const LINK_OR_MENTION =
  /https?:\/\/[^\s"<>]+[^\s"<>.,;:!?)\]}']|(?<![^\s([{"'])@[\p{L}\p{N}_]{2,40}/giu;

/** Plain text as fragments: links and mentions by themselves, the rest between them. */
export function splitFragments(text: string): Fragment[] {
  if (text === "") return [];
  if (!text.includes("://") && !text.includes("@")) return [{ type: "text", text }];
  const fragments: Fragment[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK_OR_MENTION)) {
    const found = match[0];
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

/** A stretch of a text (`end` excluded, in UTF-16 units) that is something else than text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly fragment: Omit<Fragment, "text">;
}

/**
 * Text as fragments, with the given stretches marked. Stretches that make no sense are left out.
 */
export function splitAtSpans(text: string, spans: readonly Span[]): Fragment[] {
  const fragments: Fragment[] = [];
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const fits =
      Number.isInteger(span.start) &&
      Number.isInteger(span.end) &&
      span.start >= end &&
      span.end > span.start &&
      span.end <= text.length;
    if (!fits) continue;
    fragments.push(...splitFragments(text.slice(end, span.start)));
    fragments.push({ ...span.fragment, text: text.slice(span.start, span.end) });
    end = span.end;
  }
  fragments.push(...splitFragments(text.slice(end)));
  return fragments;
}
