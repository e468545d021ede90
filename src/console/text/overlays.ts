/* The overlays, with their sizes in OBS and the tables of what can be set. Pure. */
import type { Parameters } from "../../overlay/kit/parameters.ts";
import { tables, type OverlayKind as Kind } from "../../overlay/tables.ts";

export interface OverlayKind {
  readonly id: Kind;
  readonly title: string;
  readonly about: string;
  readonly width: number;
  readonly height: number;
  readonly table: Parameters;
}

const ABOUT: Readonly<Record<Kind, string>> = {
  chat: "The chat of all platforms.",
  alerts: "Follows, subscriptions, tips and raids, one at a time and with a sound.",
  events: "The last things that happened, as a list or a ticker.",
  goal: "A bar that fills with tips, subscriptions or follows.",
  featured: "The one line that you pick in the chat or the dock.",
  viewers: "How many are watching, in sum or by platform.",
};

function describe(id: Kind, about: string): OverlayKind {
  const { parameters, ...rest } =
    Object.entries(tables).find(([each]) => each === id)?.[1] ?? tables.chat;
  return { id, about, table: parameters, ...rest };
}

export const overlays: readonly OverlayKind[] = Object.entries(ABOUT).map(([id, about]) =>
  describe(id as Kind, about),
);

/** Steps for the programs that show a page as a source. */
export const programs: readonly (readonly [name: string, steps: string])[] = [
  ["OBS Studio", "Sources → + → Browser. Paste the address; width and height as below."],
  ["Streamlabs Desktop", "Sources → + → Browser Source. Paste the address, and the size."],
  ["XSplit", "Add Source → Other → Webpage URL. Paste the address, then set the resolution."],
  ["vMix", "Add Input → Web Browser. Paste the address, and the size."],
];
