import { astro } from "./astro/index.ts";
import { dlive } from "./dlive/index.ts";
import { interactiveSync } from "./interactive-sync/index.ts";
import { multistreamer } from "./multistreamer/index.ts";
import { restream } from "./restream/index.ts";
import { twitchEventsub } from "./twitch-eventsub/index.ts";
import { twitchIrc } from "./twitch-irc/index.ts";

/** Every upstream that can be played. A new protocol is a folder, and a line in here. */
export const emulations = {
  dlive,
  restream,
  astro,
  "interactive-sync": interactiveSync,
  multistreamer,
  "twitch-irc": twitchIrc,
  "twitch-eventsub": twitchEventsub,
};

export type Protocol = keyof typeof emulations;
export const protocols = Object.keys(emulations) as Protocol[];
