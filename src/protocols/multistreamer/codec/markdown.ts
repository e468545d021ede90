import type { Fragment } from "../../../event/shapes.ts";

const SPECIAL = /[\\`*_{}[\]()#+\-.!]/g;

/** The characters that would end a picture's name or address too early. */
const WORD = /^[^\s[\]]{1,100}$/;
const ADDRESS = /^https?:\/\/[^\s()]+$/;

/** A text for a page: emotes are pictures, addresses are links, and nothing else means anything. */
export function toMarkdown(fragments: readonly Fragment[]): string {
  return fragments.map(formatFragment).join("");
}

function formatFragment({ type, text, image, url }: Fragment): string {
  const isPicture = type === "emote" || type === "emoji" || type === "sticker";
  if (isPicture && image !== undefined && WORD.test(text) && ADDRESS.test(image)) {
    return `![${text}](${image})`;
  }
  if (type === "link" && url !== undefined && ADDRESS.test(url))
    return `[${escapeMarkdown(text)}](${url})`;
  return escapeMarkdown(text);
}

function escapeMarkdown(text: string): string {
  return text
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(SPECIAL, String.raw`\$&`);
}
