import type { Emulation } from "../kit/emulation.ts";
import { TwitchAction, type TwitchOwnAction } from "./actions.ts";
import type { TwitchReport } from "./report.ts";
import { twitchScripts } from "./scripts.ts";
import { TwitchService } from "./service.ts";

export type { TwitchAction } from "./actions.ts";
export type { TwitchTruth } from "./report.ts";

/** Twitch's chat, and what its clients ask over HTTP. */
export const twitchIrc: Emulation<TwitchOwnAction, TwitchReport> = {
  protocol: "twitch-irc",
  summary: "Twitch: IRC over a socket",
  path: "/",
  subprotocols: ["irc"],
  maxFrameBytes: 16 * 1024,
  actions: TwitchAction,
  scripts: twitchScripts,
  open: (stage) => new TwitchService(stage),
};
