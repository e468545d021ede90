import type { Script } from "../kit/script.ts";
import { commonScripts } from "../kit/scripts.ts";
import type { DliveAction } from "./actions.ts";
import { demo } from "./demo.ts";

export const dliveScripts: Readonly<Record<string, Script<DliveAction>>> = {
  demo: { summary: "a lively stream, for ever", steps: demo },
  ...commonScripts<DliveAction>({
    say: (content) => ({ action: "item", type: "Message", content }),
    burst: (count, perSecond) => ({ action: "burst", count, perSecond }),
    ownFaults: [
      { action: "chest", type: "ValueUpdated", array: true },
      { action: "item", type: "Message", override: { sender: null } },
      { action: "item", type: "Clip", override: { __typename: "ChatNews", type: "News" } },
      { action: "connectionError", message: "something went wrong", close: true },
    ],
  }),
};
