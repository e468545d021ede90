/* The overlays, with their sizes in OBS and the tables of what can be set. Pure. */
import { parameters as alerts } from "../../overlay/alerts/parameters.ts";
import { parameters as chat } from "../../overlay/chat/parameters.ts";
import { parameters as events } from "../../overlay/events/parameters.ts";
import { parameters as featured } from "../../overlay/featured/parameters.ts";
import { parameters as goal } from "../../overlay/goal/parameters.ts";
import type { Parameters } from "../../overlay/kit/parameters.ts";
import { parameters as viewers } from "../../overlay/viewers/parameters.ts";

export interface OverlayKind {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly width: number;
  readonly height: number;
  readonly table: Parameters;
}

export const overlays: readonly OverlayKind[] = [
  {
    id: "chat",
    title: "Chat",
    about: "The chat of all platforms.",
    width: 500,
    height: 800,
    table: chat,
  },
  {
    id: "alerts",
    title: "Alerts",
    about: "Follows, subscriptions, tips and raids, one at a time and with a sound.",
    width: 800,
    height: 300,
    table: alerts,
  },
  {
    id: "events",
    title: "Events",
    about: "The last things that happened, as a list or a ticker.",
    width: 500,
    height: 400,
    table: events,
  },
  {
    id: "goal",
    title: "Goal",
    about: "A bar that fills with tips, subscriptions or follows.",
    width: 600,
    height: 100,
    table: goal,
  },
  {
    id: "featured",
    title: "Featured message",
    about: "The one line that you pick in the chat or the dock.",
    width: 900,
    height: 260,
    table: featured,
  },
  {
    id: "viewers",
    title: "Viewers",
    about: "How many are watching, in sum or by platform.",
    width: 300,
    height: 80,
    table: viewers,
  },
];

/** Steps for the programs that show a page as a source. */
export const programs: readonly (readonly [name: string, steps: string])[] = [
  ["OBS Studio", "Sources → + → Browser. Paste the address; width and height as below."],
  ["Streamlabs Desktop", "Sources → + → Browser Source. Paste the address, and the size."],
  ["XSplit", "Add Source → Other → Webpage URL. Paste the address, then set the resolution."],
  ["vMix", "Add Input → Web Browser. Paste the address, and the size."],
];
