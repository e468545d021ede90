import { chatters, kindWords, smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { type Card, draw } from "../kit/deck.ts";
import type { Step } from "../kit/script.ts";
import type { EventSubAction } from "./actions.ts";

type Steps = Iterable<Step<EventSubAction>>;

/** What the chat remembers: the messages a moderator could still remove. */
interface Memory {
  readonly recent: string[];
}

type Scene = (chance: Chance, memory: Memory) => Steps;

const rememberedMessages = 12;

const deck: readonly Card<Scene>[] = [
  { weight: 100, play: chat },
  { weight: 5, play: cheer },
  { weight: 4, play: follow },
  { weight: 3, play: subscribe },
  { weight: 2, play: giveMany },
  { weight: 2, play: redeem },
  { weight: 1, play: raid },
  { weight: 1, play: announce },
  { weight: 1, play: removeMessage },
];

/** A channel that goes on for ever: one to three messages a second, and now and then something more. */
export function* demo(chance: Chance): Steps {
  const memory: Memory = { recent: [] };
  yield { until: "subscribed>=1", afterMs: 300 };
  for (;;) {
    yield* draw(deck, chance)(chance, memory);
  }
}

function* chat(chance: Chance, { recent }: Memory): Steps {
  const id = chance.uuid();
  recent.push(id);
  if (recent.length > rememberedMessages) {
    recent.shift();
  }
  const text = smallTalk(chance);
  const isSmiling = chance.happens(0.15);
  const author = chance.pick(chatters).name;
  yield paced(chance, { action: "message", author, id, text: isSmiling ? `${text} Kappa` : text });
}

function* cheer(chance: Chance): Steps {
  const bits = chance.pick([50, 100, 250, 1_000]);
  yield paced(chance, { action: "event", type: "channel.bits.use", event: { bits } });
}

function* follow(chance: Chance): Steps {
  yield paced(chance, { action: "event", type: "channel.follow" });
}

function* subscribe(chance: Chance): Steps {
  const { name } = chance.pick(chatters);
  const months = chance.integer(2, 30);
  const own = {
    cumulative_months: months,
    duration_months: 1,
    streak_months: null,
    sub_tier: chance.pick(["1000", "2000"]),
    is_prime: chance.happens(0.3),
    is_gift: false,
  };
  yield paced(chance, {
    action: "notice",
    kind: "resub",
    author: name,
    own,
    system: `${name} subscribed. They've subscribed for ${months} months!`,
    text: kindWords(chance),
  });
}

function* giveMany(chance: Chance): Steps {
  yield paced(chance, { action: "bomb", count: chance.integer(2, 5) });
}

function* redeem(chance: Chance): Steps {
  const type = "channel.channel_points_custom_reward_redemption.add";
  yield paced(chance, { action: "event", type, event: { id: chance.uuid() } });
}

function* raid(chance: Chance): Steps {
  const viewers = chance.integer(5, 180);
  yield paced(chance, { action: "event", type: "channel.raid", event: { viewers } });
}

function* announce(chance: Chance): Steps {
  const text = "Tonight we finish the harbour. Stay for the lanterns!";
  yield paced(chance, { action: "notice", kind: "announcement", own: { color: "BLUE" }, text });
}

function* removeMessage(chance: Chance, { recent }: Memory): Steps {
  if (recent.length > 0) {
    const event = { message_id: chance.pick(recent) };
    yield paced(chance, { action: "event", type: "channel.chat.message_delete", event });
  }
}

/** At the pace of a lively chat. */
function paced(chance: Chance, action: EventSubAction): Step<EventSubAction> {
  return { afterMs: chance.integer(330, 900), do: action };
}
