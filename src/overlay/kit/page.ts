import type { common } from "./common.ts";
import type { Fragment } from "./events.ts";
import { applyLook, readersOfLook, type Common } from "./look.ts";
import {
  readers,
  readParameters,
  type Parameter,
  type Parameters,
  type Readers,
  type Settings,
} from "./parameters.ts";
import { setMoving } from "./pictures.ts";
import { openRelay } from "./relay.ts";
import type { Beginning, Source } from "./source.ts";
import { reloadWhenOld } from "./version.ts";
import { makeSpan, type Wording } from "./words.ts";

/** One overlay at work: what its address says, where its events come from, where it draws. */
export interface Page<S, B extends Beginning = Beginning> {
  readonly settings: S;
  readonly beginning: B;
  readonly source: Source;
  readonly root: HTMLElement;
  /** Its name, by which controls name it. */
  readonly name: string;
  readonly wording: Wording;
  /** Says something to whoever sets it up, and never on a stream. */
  readonly note: (text: string) => void;
}

type Any = Parameters & Readonly<Record<keyof typeof common, Parameter>>;

/**
 * Reads the address, puts its look on the page, and opens where the events come from: the relay, at
 * the beginning that `begin` tells, or the demo.
 */
export async function openPage<T extends Any, B extends Beginning>(
  kind: string,
  table: T,
  begin: (settings: Settings<T>) => B,
  more: Readers = new Map(),
): Promise<Page<Settings<T>, B>> {
  const kinds = new Map([...readers, ...readersOfLook, ...more]);
  const { settings, notes } = readParameters(table, new URLSearchParams(location.search), kinds);
  const { channel, demo, emotes, animate, debug, state, name, ...rest } =
    settings as unknown as Common & Refined;
  const key = location.hash.slice(1);
  const root = document.querySelector("main") ?? document.body;
  applyLook(settings as unknown as Common);
  setMoving(animate);
  const note = debug ? openCorner() : () => {};
  for (const [word, given, taken] of notes) note(`${word}=${given}: ${taken || "not known"}`);
  const { links = "text", mask = [] } = rest;
  let refine = (fragments: readonly Fragment[]): readonly Fragment[] => fragments;
  if (links !== "text" || mask.length > 0 || emotes.some((set) => !/^(platform|none)$/.test(set))) {
    const { openRefinement } = await import("./refine.ts");
    refine = await openRefinement(demo === "off" ? channel : "", emotes, key, { links, mask });
  }
  const beginning = begin(settings);
  const source =
    demo === "off"
      ? openRelay(channel, key, beginning)
      : (await import("./demo.ts")).openDemo(demo === "static");
  source.watch(
    (isLive, said) => {
      if (state === "dot") root.dataset["state"] = isLive ? "live" : "away";
      note(said);
    },
    () => note("events are missing"),
  );
  reloadWhenOld();
  document.documentElement.dataset["ready"] = "";
  return {
    settings,
    beginning,
    source,
    root,
    name: name || kind,
    note,
    wording: { refine, hasPictures: emotes.includes("platform") || refine.length > 1 },
  };
}

/** The parameters that refine words, where a page has them. */
interface Refined {
  readonly links?: string;
  readonly mask?: readonly string[];
}

/** Opens a corner for notes: the last few. */
function openCorner(): (text: string) => void {
  const corner = document.body.appendChild(makeSpan("debug"));
  return (text) =>
    corner.replaceChildren(
      ...[...corner.childNodes].slice(-22),
      text,
      document.createElement("br"),
    );
}
