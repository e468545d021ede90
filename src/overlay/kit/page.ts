import type { Fragment } from "./events.ts";
import { applyLook, readersOfLook, type Common } from "./look.ts";
import { readers, readParameters, type Readers } from "./parameters.ts";
import { setMoving } from "./pictures.ts";
import { openRelay } from "./relay.ts";
import type { Beginning, Source } from "./source.ts";
import { reloadWhenOld } from "./version.ts";
import type { Wording } from "./words.ts";

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

/** The table of the page's parameters, packed: put in when pages are built. */
declare const PARAMETERS: string;
const table = PARAMETERS;

/**
 * Reads the address, puts its look on the page, and opens where the events come from: the relay, at
 * the beginning that `begin` tells, or the demo.
 */
export async function openPage<S extends Common, B extends Beginning = Beginning>(
  kind: string,
  begin: (settings: S) => B,
  more: Readers = new Map(),
): Promise<Page<S, B>> {
  const kinds = new Map([...readers, ...readersOfLook, ...more]);
  const query = [...new URLSearchParams(location.search)] as const;
  const settings = readParameters(table, query, kinds) as S & Refined;
  const {
    channel,
    demo,
    emotes,
    animate,
    debug,
    state,
    name,
    links = "text",
    mask = [],
  } = settings;
  const key = location.hash.slice(1);
  const root = document.querySelector("main") ?? document.body;
  applyLook(settings);
  setMoving(animate);
  const note = debug ? (await import("./debug.ts")).openCorner(table, query, kinds) : () => {};
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
    wording: { refine, hasPictures: emotes.includes("platform") },
  };
}

/** The parameters that refine words, where a page has them. */
interface Refined {
  readonly links?: string;
  readonly mask?: readonly string[];
}
