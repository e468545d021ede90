import type { Settings } from "../kit/parameters.ts";
import { makeSpan } from "../kit/words.ts";
import type { parameters } from "./parameters.ts";

export type EventsSettings = Settings<typeof parameters>;

const PIXELS_A_SECOND = 80;
const TURN_MS = 5_000;

/** Starts the layout that is asked for; answers how entries are shown in it, newest first. */
export function startShow(
  root: HTMLElement,
  { layout, speed }: EventsSettings,
): (entries: readonly HTMLElement[]) => void {
  const list = root.appendChild(makeSpan("list"));
  list.dataset["layout"] = layout;
  if (layout === "ticker") return (entries) => runTicker(list, entries, PIXELS_A_SECOND * speed);
  if (layout === "rotator") return startRotator(list, TURN_MS / speed);
  return (entries) => list.replaceChildren(...entries);
}

/** Runs entries through a line, over and over: as many copies as leave no hole. */
function runTicker(
  list: HTMLElement,
  entries: readonly HTMLElement[],
  pixelsASecond: number,
): void {
  const strip = makeSpan("strip");
  strip.append(...entries);
  const copy = strip.cloneNode(true) as HTMLElement;
  copy.ariaHidden = "true";
  list.replaceChildren(strip, copy);
  const width = Math.max(strip.offsetWidth, list.offsetWidth);
  list.style.setProperty("--loop", `${width / pixelsASecond}s`);
}

/** Shows entries in turn. A new one is seen at once. */
function startRotator(
  list: HTMLElement,
  turnMs: number,
): (entries: readonly HTMLElement[]) => void {
  let all: readonly HTMLElement[] = [];
  let at = 0;
  let timer = 0;
  const turn = (): void => {
    const entry = all[at % Math.max(1, all.length)];
    at += 1;
    if (entry && entry !== list.firstChild) list.replaceChildren(entry);
    if (!entry) list.replaceChildren();
    clearTimeout(timer);
    if (all.length > 1) timer = window.setTimeout(turn, turnMs);
  };
  return (entries) => {
    const isNew = entries[0] !== all[0] || entries.length < all.length;
    all = entries;
    if (!isNew) return;
    at = 0;
    turn();
  };
}
