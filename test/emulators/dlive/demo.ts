import { type Chatter, chatters, kindWords, smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { type Card, draw } from "../kit/deck.ts";
import type { Step } from "../kit/script.ts";
import type { DliveAction } from "./actions.ts";
import { diamond, type ItemSpec, sticker } from "./items.ts";

type Steps = Iterable<Step<DliveAction>>;

/** What the chat remembers: the messages a moderator could still remove. */
interface Memory {
  readonly recent: { readonly id: string; readonly author: Chatter }[];
  chestLemons: number;
}

type Scene = (chance: Chance, memory: Memory) => Steps;

const rememberedMessages = 12;
/** The chest counts in hundred-thousandths of a lemon. */
const chestUnitsPerLemon = 100_000;
const giveawayAtLemons = 120;

const deck: readonly Card<Scene>[] = [
  { weight: 100, play: chat },
  { weight: 7, play: chatSticker },
  { weight: 6, play: gift },
  { weight: 1, play: bigGift },
  { weight: 5, play: follow },
  { weight: 2, play: subscribe },
  { weight: 1, play: giftSubscription },
  { weight: 1, play: host },
  { weight: 1, play: removeMessage },
  { weight: 0.6, play: timeOut },
  { weight: 0.2, play: ban },
  { weight: 0.4, play: changeMode },
];

/** A stream that goes on for ever: one to three messages a second, and now and then something more. */
export function* demo(chance: Chance): Steps {
  const memory: Memory = { recent: [], chestLemons: 40 };
  yield { until: "subscribed>=1", afterMs: 300, do: { action: "item", type: "Live" } };
  yield { do: chestValue(memory) };
  for (;;) {
    const scene = draw(deck, chance);
    yield* scene(chance, memory);
    if (memory.chestLemons >= giveawayAtLemons) {
      yield* giveaway(chance, memory);
    }
  }
}

function* chat(chance: Chance, { recent }: Memory): Steps {
  const author = chance.pick(chatters);
  const id = chance.uuid();
  recent.push({ id, author });
  if (recent.length > rememberedMessages) {
    recent.shift();
  }
  const smile = chance.happens(0.1) ? " :lemon_smile:" : "";
  const content = smallTalk(chance) + smile;
  yield paced(chance, { type: "Message", id, content, ...by(author) });
}

function* chatSticker(chance: Chance): Steps {
  yield paced(chance, { type: "Message", content: sticker(chance), ...by(chance.pick(chatters)) });
}

function* gift(chance: Chance, memory: Memory): Steps {
  const isIceCream = chance.happens(0.2);
  const amount = chance.integer(1, isIceCream ? 2 : 5);
  const name = isIceCream ? "ICE_CREAM" : "LEMON";
  const sender = by(chance.pick(chatters));
  yield paced(chance, { type: "Gift", gift: name, amount: String(amount), ...sender });
  yield fillChest(memory, isIceCream ? amount * 10 : amount);
}

function* bigGift(chance: Chance, memory: Memory): Steps {
  yield paced(chance, { type: "Gift", ...diamond(chance), ...by(chance.pick(chatters)) });
  yield fillChest(memory, 100);
}

function* follow(chance: Chance): Steps {
  yield paced(chance, { type: "Follow", ...by(chance.pick(chatters)) });
}

function* subscribe(chance: Chance): Steps {
  const sender = by(chance.pick(chatters));
  yield paced(chance, { type: "Subscription", month: chance.integer(1, 24), ...sender });
  yield paced(chance, { type: "Message", content: kindWords(chance), ...sender });
}

function* giftSubscription(chance: Chance): Steps {
  const giver = chance.pick(chatters);
  const receiver = chance.pick(chatters);
  yield paced(chance, { type: "GiftSub", count: 1, receiver: receiver.name, ...by(giver) });
  yield { do: { action: "item", type: "GiftSubReceive", gifter: giver.name, ...by(receiver) } };
}

function* host(chance: Chance): Steps {
  yield paced(chance, {
    type: "Host",
    viewer: chance.integer(5, 180),
    ...by(chance.pick(chatters)),
  });
  for (let guest = 0; guest < 3; guest += 1) {
    const content = chance.pick(["hello from next door!", "hi all, good to be here", "raid!"]);
    yield paced(chance, { type: "Message", content, ...by(chance.pick(chatters)) });
  }
}

function* removeMessage(chance: Chance, { recent }: Memory): Steps {
  if (recent.length > 0) {
    yield paced(chance, { type: "Delete", ids: [chance.pick(recent).id] });
  }
}

function* timeOut(chance: Chance, { recent }: Memory): Steps {
  if (recent.length > 0) {
    const { author } = chance.pick(recent);
    yield paced(chance, { type: "Timeout", minute: 5, ...by(author) });
  }
}

function* ban(chance: Chance): Steps {
  yield paced(chance, { type: "Ban", sender: { username: "spamkettle9000" } });
}

function* changeMode(chance: Chance, memory: Memory): Steps {
  yield paced(chance, { type: "ChatMode", mode: "FOLLOW_ONLY" });
  for (let message = 0; message < 8; message += 1) {
    yield* chat(chance, memory);
  }
  yield paced(chance, { type: "ChatMode", mode: "DEFAULT" });
}

function* giveaway(chance: Chance, memory: Memory): Steps {
  const pricePool = String(memory.chestLemons * chestUnitsPerLemon);
  yield { do: { action: "chest", type: "GiveawayStarted", pricePool, durationInSeconds: 20 } };
  memory.chestLemons = 0;
  for (let message = 0; message < 25; message += 1) {
    yield* chat(chance, memory);
  }
  yield { do: { action: "chest", type: "GiveawayEnded" } };
  yield { do: chestValue(memory) };
}

function fillChest(memory: Memory, lemons: number): Step<DliveAction> {
  memory.chestLemons += lemons;
  return { afterMs: 150, do: chestValue(memory) };
}

function chestValue({ chestLemons }: Memory): DliveAction {
  return { action: "chest", type: "ValueUpdated", value: String(chestLemons * chestUnitsPerLemon) };
}

/** At the pace of a lively chat. */
function paced(chance: Chance, spec: ItemSpec): Step<DliveAction> {
  return { afterMs: chance.integer(330, 900), do: { action: "item", ...spec } };
}

function by({ name }: Chatter): Pick<ItemSpec, "sender"> {
  return { sender: { username: name.toLowerCase(), displayname: name } };
}
