/* A message's words as nodes: made of its fragments, of text only. */
import type { Fragment, Message, User } from "./events.ts";
import { makePicture } from "./pictures.ts";
import { cleanText } from "./text.ts";

export interface Wording {
  /** Refines what is written, where the address asks for it. */
  readonly refine: (fragments: readonly Fragment[]) => readonly Fragment[];
  /** Are the pictures of platforms' own emotes shown? */
  readonly hasPictures: boolean;
}

const MOST = 500;
// Of a line that is all pictures.
const PICTURES = 60;

/** Makes the nodes of a message into this element. */
export function writeWords(
  into: HTMLElement,
  { text, fragments }: Message,
  { refine, hasPictures }: Wording,
): void {
  let left = MOST;
  let pictures = 0;
  let isOnlyEmotes = true;
  for (const fragment of refine(fragments?.length ? fragments : [{ type: "text", text }])) {
    if (left <= 0) break;
    const { type, image, still, over } = fragment;
    const words = cleanText(fragment.text, left);
    left -= words.length + 1;
    // A service's was asked for, whatever of the platform's is.
    const isWanted = pictures < PICTURES && (hasPictures || over !== undefined);
    const picture = isWanted && makePicture(image, words, "emote", still);
    if (picture) {
      pictures += 1;
      if (over) picture.dataset["over"] = "";
      into.append(picture);
      continue;
    }
    if (words.trim()) isOnlyEmotes = false;
    into.append(/mention|link/.test(type) ? makeSpan(type, words) : words);
  }
  if (isOnlyEmotes && pictures > 0 && pictures < 7) into.dataset["onlyEmotes"] = "";
}

export function makeSpan(className: string, text = ""): HTMLSpanElement {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}

/**
 * Gives an element the colour of somebody: of their choice, which is used only if it is one
 * (`#rrggbb`), else one that goes with their name.
 */
export function colorName(
  element: HTMLElement,
  { color = "", name = "" }: Partial<User> = {},
): void {
  let hue = 0;
  for (let at = 0; at < Math.min(name.length, 40); at += 1)
    hue = (hue * 31 + name.charCodeAt(at)) % 360;
  const own = /^#[0-9a-f]{6}$/i.test(color) ? color : `hsl(${hue} 80% 72%)`;
  element.style.setProperty("--user-color", own);
}
