import type { Script } from "../kit/script.ts";
import { commonScripts } from "../kit/scripts.ts";
import type { TwitchAction } from "./actions.ts";
import { demo } from "./demo.ts";

export const twitchScripts: Readonly<Record<string, Script<TwitchAction>>> = {
  demo: { summary: "a lively chat, for ever", steps: demo },
  ...commonScripts<TwitchAction>({
    say: (text) => ({ action: "message", text }),
    burst: (count, perSecond) => ({ action: "burst", count, perSecond }),
    ownFaults: [
      { action: "notice", kind: "otterparade", system: "A parade of 7 otters!" },
      { action: "clear", seconds: 5 },
      { action: "knobs", framing: "halves" },
      { action: "reconnect", leaveMs: 500 },
    ],
  }),
};
