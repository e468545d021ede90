import type { Script, Step } from "../kit/script.ts";
import { commonScripts } from "../kit/scripts.ts";
import { spareAccountId, spareName } from "./accounts.ts";
import type { MultistreamerAction } from "./actions.ts";
import { demo } from "./demo.ts";

const spare = {
  action: "account",
  id: spareAccountId,
  network: "twitch",
  name: spareName,
} as const;

export const multistreamerScripts: Readonly<Record<string, Script<MultistreamerAction>>> = {
  demo: { summary: "two lively chats and a talkative internal room, for ever", steps: demo },
  ...commonScripts<MultistreamerAction>({
    say: (text) => ({ action: "chat", text }),
    burst: (count, perSecond) => ({ action: "burst", count, perSecond }),
    ownFaults: [
      { action: "status" },
      { action: "flap", times: 3, everyMs: 50 },
      { action: "removeAccount", id: spareAccountId },
      spare,
      { action: "account", id: 40, network: { name: "peertube", displayName: "PeerTube" } },
      { action: "account", id: 40, of: "stream" },
      { action: "chat", accountId: 40, text: "Hello from a network that nobody knows." },
      { action: "removeAccount", id: 40 },
      // One that nobody asked for: the service's own page does not survive it.
      { action: "writer", accountId: spareAccountId, target: spareAccountId },
      { action: "chat", markdown: null, timestamp: null, from: { id: null, picture: null } },
      { action: "chat", override: { from: null } },
      { action: "frames", frames: [{ type: "poll", account_id: 12 }] },
      { action: "end" },
      { action: "live", pulling: true },
    ],
  }),
  "writer-never-granted": {
    summary: "the demo, where no writer is ever granted",
    steps: function* (chance) {
      yield { atOnce: true, do: { action: "knobs", writer: "never" } };
      yield* demo(chance);
    },
  },
  "status-flapping": {
    summary: "the stream and its accounts come and go, with a message between, for ever",
    steps: flapping,
  },
  refused: {
    summary: "whoever is there is cut, and every dial is answered with 403",
    steps: () => [{ do: { action: "user", chatLevel: 0 } }, { do: { action: "cut" } }],
  },
};

function* flapping(): Iterable<Step<MultistreamerAction>> {
  for (let round = 1; ; round += 1) {
    yield { until: "subscribed>=1", afterMs: 500, do: { action: "end" } };
    yield { afterMs: 500, do: { action: "live" } };
    yield { afterMs: 200, do: { action: "removeAccount", id: spareAccountId } };
    yield { afterMs: 200, do: spare };
    yield { afterMs: 200, do: { action: "flap", times: 4, everyMs: 15 } };
    yield { afterMs: 200, do: { action: "chat", text: `Here again: ${round}` } };
  }
}
