import type { Script, Step } from "../kit/script.ts";
import { commonScripts } from "../kit/scripts.ts";
import type { AstroAction } from "./actions.ts";
import { demo } from "./demo.ts";

type Steps = Iterable<Step<AstroAction>>;

const onceSubscribed = "subscribed>=1";

export const astroScripts: Readonly<Record<string, Script<AstroAction>>> = {
  demo: { summary: "a lively stream, for ever", steps: demo },
  ...commonScripts<AstroAction>({
    say,
    burst: (count, perSecond) => ({ action: "burst", count, perSecond }),
    ownFaults: [
      { action: "notice", message: "Hello, river people." },
      { action: "chat", override: { message: null } },
      { action: "chat", envelope: { room: undefined } },
      { action: "chat", envelope: { topic: "channel.chat.novelty" } },
      { action: "activity", type: "follow", override: { type: "metamorphosis" } },
      { action: "item", topic: "channel.chat.message", data: "not an object" },
      { action: "tip", topics: ["channel.tips", "channel.tips.moderation"] },
      { action: "reconnect", drainMs: 1_000 },
      { action: "reconnect", drainMs: 1_000, overlap: "split" },
      { action: "reconnect", drainMs: 1_000, oldSocket: "silent" },
      { action: "reconnect", drainMs: 0 },
    ],
  }),
  "topic-refused": {
    summary: "a lively stream, with tips refused for good and session updates twice",
    steps: (chance) => topicRefused(demo(chance)),
  },
  "token-expired": {
    summary: "a few messages, then the token is good no more; with a new one it goes on",
    steps: tokenExpired,
  },
  "reconnect-mid-burst": {
    summary: "five bursts, and in each the server goes down in another way",
    steps: reconnectMidBurst,
  },
};

function say(text: string): AstroAction {
  return { action: "chat", text };
}

function* topicRefused(stream: Steps): Steps {
  const topics = ["channel.tips", "channel.tips.moderation"];
  for (const topic of topics) {
    yield { atOnce: true, do: { action: "refuseTopic", topic, error: "err_unauthorized" } };
  }
  const error = "rate_limit_exceeded";
  const topic = "channel.session.update";
  yield { atOnce: true, do: { action: "refuseTopic", topic, error, times: 2 } };
  yield* stream;
}

function* tokenExpired(): Steps {
  yield { until: onceSubscribed };
  for (const text of ["one", "two", "and now the token expires"]) {
    yield { afterMs: 200, do: say(text) };
  }
  yield { afterMs: 200, do: { action: "expireToken" } };
  // Nobody gets in with the old one, so whoever subscribes has a new one.
  yield { until: onceSubscribed, afterMs: 200, do: say("A new token is good.") };
}

function* reconnectMidBurst(): Steps {
  const ways = [
    { drainMs: 2_000 },
    { drainMs: 2_000, overlap: "split" },
    { drainMs: 2_000, oldSocket: "silent" },
    { drainMs: 0 },
    { drainMs: 2_000, tokenLifeMs: 0 },
  ] as const;
  for (const [index, way] of ways.entries()) {
    const prefix = `round ${index + 1}, no. `;
    const reconnect = { before: 300, ...way };
    const pace = { count: 1_000, perSecond: 500 };
    yield {
      until: onceSubscribed,
      afterMs: 500,
      do: { action: "burst", ...pace, prefix, reconnect },
    };
    yield { afterMs: 2_500 };
  }
}
