import type { Emulation } from "../kit/emulation.ts";
import { EventSubAction, type EventSubOwnAction } from "./actions.ts";
import type { EventSubReport } from "./report.ts";
import { eventSubScripts } from "./scripts.ts";
import { EventSubService } from "./service.ts";

export type { EventSubAction } from "./actions.ts";
export type { EventSubTruth } from "./report.ts";

/** Twitch's EventSub: its socket, and what its clients ask over HTTP. */
export const twitchEventsub: Emulation<EventSubOwnAction, EventSubReport> = {
  protocol: "twitch-eventsub",
  summary: "Twitch: EventSub over a socket",
  path: "/ws",
  subprotocols: [],
  maxFrameBytes: 16 * 1024,
  actions: EventSubAction,
  scripts: eventSubScripts,
  open: (stage) => new EventSubService(stage),
};
