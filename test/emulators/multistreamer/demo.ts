import { type Chatter, chatters, smallTalk, streamer } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { type Card, draw } from "../kit/deck.ts";
import type { Step } from "../kit/script.ts";
import { spareAccountId, spareName, twitchAccountId, youtubeAccountId } from "./accounts.ts";
import type { ActionOf, MultistreamerAction } from "./actions.ts";

type Steps = Iterable<Step<MultistreamerAction>>;

const roomAccountId = 0;

const deck: readonly Card<(chance: Chance) => Steps>[] = [
  { weight: 60, play: (chance) => chat(chance, twitchAccountId) },
  { weight: 40, play: (chance) => chat(chance, youtubeAccountId) },
  { weight: 8, play: (chance) => chat(chance, roomAccountId) },
  { weight: 8, play: twitchEmote },
  { weight: 6, play: act },
  { weight: 3, play: link },
  { weight: 6, play: viewers },
  { weight: 1, play: whisper },
  { weight: 0.6, play: comeAndGo },
];

/** A stream that goes on for ever: one to three messages a second, and now and then something more. */
export function* demo(chance: Chance): Steps {
  yield { until: "subscribed>=1", afterMs: 300 };
  for (;;) {
    yield* draw(deck, chance)(chance);
  }
}

function* chat(chance: Chance, accountId: number): Steps {
  yield paced(chance, { accountId, text: smallTalk(chance), ...by(chance.pick(chatters)) });
}

function* twitchEmote(chance: Chance): Steps {
  const emote = chance.pick(["riverWave", "riverTea", "riverCheer", "Kappa"]);
  const text = chance.pick([emote, `${emote} ${emote}`, `hello ${emote}`, `${emote} well built!`]);
  yield paced(chance, { accountId: twitchAccountId, text, ...by(chance.pick(chatters)) });
}

/** What somebody does rather than says: `/me` in a chat. */
function* act(chance: Chance): Steps {
  const accountId = chance.pick([twitchAccountId, roomAccountId]);
  const text = chance.pick([
    "waves at the otter",
    "pours another tea",
    "is loving this bridge",
    "hums along",
  ]);
  yield paced(chance, { type: "emote", accountId, text, ...by(chance.pick(chatters)) });
}

function* link(chance: Chance): Steps {
  const text = `the plan is at https://village.example/plans/${chance.integer(1, 9)}?big=*yes*`;
  yield paced(chance, { accountId: youtubeAccountId, text, ...by(chance.pick(chatters)) });
}

function* viewers(chance: Chance): Steps {
  const accountId = chance.pick([twitchAccountId, youtubeAccountId]);
  yield { afterMs: 200, do: { action: "viewcount", accountId } };
}

/** Somebody writes to the streamer alone. */
function* whisper(chance: Chance): Steps {
  const text = chance.pick(["the left speaker hums a little", "great sound today, by the way"]);
  const to = streamer.name.toLowerCase();
  yield paced(chance, { accountId: roomAccountId, text, to, ...by(chance.pick(chatters)) });
}

/** The streamer's second account is taken away, and given back. */
function* comeAndGo(chance: Chance): Steps {
  yield { afterMs: 300, do: { action: "removeAccount", id: spareAccountId } };
  yield* chat(chance, twitchAccountId);
  yield {
    afterMs: 300,
    do: { action: "account", id: spareAccountId, network: "twitch", name: spareName },
  };
}

/** At the pace of two lively chats. */
function paced(
  chance: Chance,
  message: Omit<ActionOf<"chat">, "action">,
): Step<MultistreamerAction> {
  return { afterMs: chance.integer(330, 800), do: { action: "chat", ...message } };
}

function by({ name }: Chatter): Pick<ActionOf<"chat">, "author"> {
  return { author: name };
}
