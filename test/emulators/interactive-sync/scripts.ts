import type { Chance } from "../kit/chance.ts";
import type { Script, Step } from "../kit/script.ts";
import { commonScripts } from "../kit/scripts.ts";
import type { InteractiveSyncAction } from "./actions.ts";
import { demo } from "./demo.ts";
import type { InteractiveSyncKnobs } from "./knobs.ts";

/** Long enough that a game which does not wait for its `ok` loses what it said. */
const slowOkMs = 3_000;

export const interactiveSyncScripts: Readonly<Record<string, Script<InteractiveSyncAction>>> = {
  demo: { summary: "viewers who press and enter things, for ever", steps: demo },
  ...commonScripts<InteractiveSyncAction>({
    say: (text) => ({ action: "input", values: { text } }),
    burst: (count, perSecond) => ({ action: "burst", count, perSecond }),
    ownFaults: [
      { action: "input", username: null },
      { action: "mouse", type: "mousedown", username: null },
      { action: "mouse", type: "mouse" },
      { action: "mouse", type: "mousedown", override: { clientHeight: -1, clientX: "abc" } },
      { action: "input", override: { view: "moon", values: { text: ["a", "list"] } } },
    ],
  }),
  "slow-ok": {
    summary: "the demo, with an ok that takes three seconds",
    steps: (chance) => demoWith({ okDelayMs: slowOkMs }, chance),
  },
  "five-warnings": {
    summary: "the demo, where every message is answered with a warning, and the fifth is the last",
    steps: (chance) => demoWith({ warnAlways: "incomplete" }, chance),
  },
  "transfer-error": {
    summary: "the demo, where no message reaches Twitch",
    steps: (chance) => demoWith({ transferError: "getaddrinfo ENOTFOUND api.twitch.tv" }, chance),
  },
};

function* demoWith(
  knobs: InteractiveSyncKnobs,
  chance: Chance,
): Iterable<Step<InteractiveSyncAction>> {
  yield { atOnce: true, do: { action: "knobs", ...knobs } };
  yield* demo(chance);
}
