import type { Script } from "../kit/script.ts";
import { commonScripts } from "../kit/scripts.ts";
import type { RestreamAction } from "./actions.ts";
import { demo } from "./demo.ts";
import { twitchTextTypeId } from "./events.ts";
import { identifierOf } from "./platforms.ts";

const identifier = identifierOf("twitch");

export const restreamScripts: Readonly<Record<string, Script<RestreamAction>>> = {
  demo: { summary: "three lively chats, for ever", steps: demo },
  ...commonScripts<RestreamAction>({
    say: (text) => ({ action: "event", eventTypeId: twitchTextTypeId, text }),
    burst: (count, perSecond) => ({ action: "burst", count, perSecond }),
    ownFaults: [
      { action: "announce", identifier, repeats: 3 },
      { action: "replace", identifier, order: "new-first" },
      { action: "replace", identifier, order: "old-first" },
      { action: "replace", identifier, order: "never-closes" },
      { action: "closeConnection", uuid: "unknown", reason: "expired" },
      { action: "status", identifier, status: "error", reason: "internal" },
      { action: "status", identifier, status: "connected" },
      { action: "replace", identifier, order: "no-successor" },
      { action: "connect", platform: "twitch" },
      { action: "unknownAction" },
      { action: "event", eventTypeId: 99, text: "An event of a type that nobody knows." },
      { action: "replaceAllSilently" },
      // The only way out of that is a new dial.
      { action: "cut" },
    ],
  }),
};
