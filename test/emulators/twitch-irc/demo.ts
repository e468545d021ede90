import { chatters, kindWords, smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { type Card, draw } from "../kit/deck.ts";
import type { Step } from "../kit/script.ts";
import type { TwitchAction } from "./actions.ts";

type Steps = Iterable<Step<TwitchAction>>;

/** What the chat remembers: the messages a moderator could still remove. */
interface Memory {
  readonly recent: { readonly id: string; readonly login: string }[];
}

type Scene = (chance: Chance, memory: Memory) => Steps;

const rememberedMessages = 12;

const deck: readonly Card<Scene>[] = [
  { weight: 100, play: chat },
  { weight: 5, play: cheer },
  { weight: 3, play: subscribe },
  { weight: 2, play: giveMany },
  { weight: 1, play: raid },
  { weight: 1, play: announce },
  { weight: 1, play: streak },
  { weight: 1, play: removeMessage },
  { weight: 0.6, play: timeOut },
  { weight: 0.4, play: slowDown },
];

/** A chat that goes on for ever: one to three messages a second, and now and then something more. */
export function* demo(chance: Chance): Steps {
  const memory: Memory = { recent: [] };
  yield { until: "subscribed>=1", afterMs: 300 };
  for (;;) {
    yield* draw(deck, chance)(chance, memory);
  }
}

function* chat(chance: Chance, { recent }: Memory): Steps {
  const author = chance.pick(chatters).name;
  const id = chance.uuid();
  recent.push({ id, login: author.toLowerCase() });
  if (recent.length > rememberedMessages) {
    recent.shift();
  }
  const isSmiling = chance.happens(0.15);
  const text = smallTalk(chance);
  const first = Array.from(text).length + 1;
  yield paced(chance, {
    action: "message",
    author,
    id,
    text: isSmiling ? `${text} Kappa` : text,
    ...(isSmiling ? { tags: { emotes: `25:${first}-${first + 4}` } } : {}),
  });
}

function* cheer(chance: Chance): Steps {
  const bits = chance.pick([50, 100, 250, 1_000]);
  const text = `cheer${bits} ${kindWords(chance)}`;
  yield paced(chance, { action: "message", text, tags: { bits: String(bits) } });
}

function* subscribe(chance: Chance): Steps {
  const { name } = chance.pick(chatters);
  const months = chance.integer(1, 30);
  yield paced(chance, {
    action: "notice",
    kind: months === 1 ? "sub" : "resub",
    author: name,
    params: {
      "cumulative-months": String(months),
      "should-share-streak": "0",
      "sub-plan": chance.pick(["Prime", "1000", "2000"]),
      "was-gifted": "false",
    },
    system: `${name} subscribed. They've subscribed for ${months} months!`,
    ...(months > 1 ? { text: kindWords(chance) } : {}),
  });
}

function* giveMany(chance: Chance): Steps {
  yield paced(chance, { action: "bomb", count: chance.integer(2, 5) });
}

function* raid(chance: Chance): Steps {
  const { name } = chance.pick(chatters);
  const viewerCount = String(chance.integer(5, 180));
  yield paced(chance, {
    action: "notice",
    kind: "raid",
    author: name,
    params: { displayName: name, login: name.toLowerCase(), viewerCount },
    system: `${viewerCount} raiders from ${name} have joined!`,
  });
}

function* announce(chance: Chance): Steps {
  const text = "Tonight we finish the harbour. Stay for the lanterns!";
  yield paced(chance, { action: "notice", kind: "announcement", params: { color: "BLUE" }, text });
}

function* streak(chance: Chance): Steps {
  const { name } = chance.pick(chatters);
  const value = String(chance.integer(3, 20));
  yield paced(chance, {
    action: "notice",
    kind: "viewermilestone",
    author: name,
    params: { category: "watch-streak", value },
    system: `${name} watched ${value} consecutive streams and sparked a watch streak!`,
  });
}

function* removeMessage(chance: Chance, { recent }: Memory): Steps {
  if (recent.length > 0) {
    yield paced(chance, { action: "delete", ...chance.pick(recent) });
  }
}

function* timeOut(chance: Chance, { recent }: Memory): Steps {
  if (recent.length > 0) {
    yield paced(chance, { action: "clear", login: chance.pick(recent).login, seconds: 300 });
  }
}

function* slowDown(chance: Chance, memory: Memory): Steps {
  yield paced(chance, { action: "roomState", tags: { slow: "10" } });
  for (let message = 0; message < 8; message += 1) {
    yield* chat(chance, memory);
  }
  yield paced(chance, { action: "roomState", tags: { slow: "0" } });
}

/** At the pace of a lively chat. */
function paced(chance: Chance, action: TwitchAction): Step<TwitchAction> {
  return { afterMs: chance.integer(330, 900), do: action };
}
