import { chatters, kindWords, smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { type Card, draw } from "../kit/deck.ts";
import type { Step } from "../kit/script.ts";
import type { AstroAction } from "./actions.ts";
import type { ChatPlatform } from "./chat.ts";

type Steps = Iterable<Step<AstroAction>>;
type ActivityAction = Extract<AstroAction, { action: "activity" }>;

const deck: readonly Card<(chance: Chance) => Steps>[] = [
  { weight: 60, play: (chance) => chat(chance, "twitch") },
  { weight: 25, play: (chance) => chat(chance, "youtube") },
  { weight: 20, play: (chance) => chat(chance, "kick") },
  { weight: 6, play: (chance) => chat(chance, "trovo") },
  { weight: 6, play: follow },
  { weight: 3, play: subscriber },
  { weight: 3, play: (chance) => activity(chance, { type: "cheer" }) },
  { weight: 2, play: (chance) => activity(chance, { type: "superchat" }) },
  { weight: 1, play: (chance) => activity(chance, { type: "sponsor" }) },
  { weight: 1, play: (chance) => activity(chance, { type: "raid" }) },
  { weight: 1, play: (chance) => activity(chance, { type: "communityGiftPurchase" }) },
  { weight: 1, play: (chance) => activity(chance, { type: "channelPointsRedemption" }) },
  { weight: 0.5, play: (chance) => activity(chance, { type: "merch" }) },
  { weight: 3, play: tip },
  { weight: 1, play: moderatedTip },
  { weight: 0.4, play: hypeTrain },
  { weight: 1, play: song },
  { weight: 0.6, play: giveaway },
  { weight: 1, play: (chance) => item(chance, "channel.chatbot.counters") },
  { weight: 0.5, play: (chance) => item(chance, "channel.kvstore.update", "object") },
  { weight: 0.5, play: (chance) => item(chance, "channel.overlay.action", "skip") },
];

/** A stream that goes on for ever: one to three items a second, most of them chat. */
export function* demo(chance: Chance): Steps {
  const variant = "live";
  yield {
    until: "subscribed>=1",
    afterMs: 300,
    do: { action: "item", topic: "channel.stream.status", variant },
  };
  for (;;) {
    const scene = draw(deck, chance);
    yield* scene(chance);
  }
}

const emotes: Readonly<Record<ChatPlatform, string>> = {
  twitch: " riverWave",
  youtube: " :face-blue-smiling:",
  kick: " [emote:37226:riverKayak]",
  trovo: " :riverboat! ",
};

function* chat(chance: Chance, platform: ChatPlatform): Steps {
  const text = smallTalk(chance) + (chance.happens(0.15) ? emotes[platform] : "");
  yield paced(chance, { action: "chat", platform, text, author: chance.pick(chatters).name });
}

function* activity(chance: Chance, spec: Omit<ActivityAction, "action">): Steps {
  yield paced(chance, { action: "activity", who: chance.pick(chatters).name, ...spec });
}

function* follow(chance: Chance): Steps {
  const name = chance.pick(chatters).name;
  yield paced(chance, { action: "activity", type: "follow", who: name });
  const data = { key: "latest_follower", data: { name } };
  yield { afterMs: 150, do: { action: "item", topic: "channel.session.update", data } };
}

function* subscriber(chance: Chance): Steps {
  const tier = chance.pick(["1000", "1000", "2000", "3000", "prime"]);
  yield* activity(chance, { type: "subscriber", data: { tier, message: kindWords(chance) } });
}

/** Told twice: as a tip, with the giver's address, and as an activity. */
function* tip(chance: Chance): Steps {
  const username = chance.pick(chatters).name;
  const given = { amount: chance.integer(1, 25), message: kindWords(chance), currency: "USD" };
  const tipId = chance.hex(24);
  yield paced(chance, { action: "tip", username, tipId, ...given });
  const data = { ...given, tipId };
  yield { afterMs: 150, do: { action: "activity", type: "tip", who: username, data } };
}

function* moderatedTip(chance: Chance): Steps {
  const username = chance.pick(chatters).name;
  const message = kindWords(chance);
  const tipId = chance.hex(24);
  const told = { action: "tip", username, message, tipId, amount: chance.integer(1, 25) } as const;
  yield paced(chance, { ...told, approved: "pending" });
  yield* chat(chance, "twitch");
  if (chance.happens(0.25)) {
    yield paced(chance, { ...told, approved: "rejected" });
    return;
  }
  const topics = ["channel.tips", "channel.tips.moderation"] as const;
  yield paced(chance, { ...told, approved: "allowed", topics: [...topics] });
}

function* hypeTrain(chance: Chance): Steps {
  for (const type of ["hypetrainStart", "hypetrainProgress", "hypetrainEnd"] as const) {
    yield paced(chance, { action: "activity", type });
    for (let message = 0; message < 4; message += 1) {
      yield* chat(chance, "twitch");
    }
  }
}

function* song(chance: Chance): Steps {
  const variants = ["queue.add", "song.next", "volume", "song.voteskip"];
  yield* item(chance, "channel.songrequest", chance.pick(variants));
}

function* giveaway(chance: Chance): Steps {
  const giveawayId = chance.hex(24);
  for (const variant of ["start", "enter", "enter", "complete", "winner", "close"]) {
    const override = { giveawayId };
    yield paced(chance, { action: "item", topic: "channel.giveaways", variant, override });
    yield* chat(chance, "twitch");
  }
}

function* item(chance: Chance, topic: string, variant?: string): Steps {
  yield paced(chance, { action: "item", topic, ...(variant === undefined ? {} : { variant }) });
}

/** At the pace of a lively chat. */
function paced(chance: Chance, action: AstroAction): Step<AstroAction> {
  return { afterMs: chance.integer(330, 900), do: action };
}
