import type { Script } from "../kit/script.ts";
import { commonScripts } from "../kit/scripts.ts";
import type { EventSubAction } from "./actions.ts";
import { demo } from "./demo.ts";

export const eventSubScripts: Readonly<Record<string, Script<EventSubAction>>> = {
  demo: { summary: "a lively channel, for ever", steps: demo },
  ...commonScripts<EventSubAction>({
    say: (text) => ({ action: "message", text }),
    burst: (count, perSecond) => ({ action: "burst", count, perSecond }),
    ownFaults: [
      { action: "event", type: "channel.otter_parade", event: { otters: 7 } },
      { action: "notice", kind: "otter_parade", system: "A parade of 7 otters!" },
      { action: "revoke", type: "channel.follow", status: "moderator_removed" },
      { action: "reconnect" },
    ],
  }),
};
