import { type Chatter, chatters, kindWords, smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { type Card, draw } from "../kit/deck.ts";
import type { Step } from "../kit/script.ts";
import type { RestreamAction } from "./actions.ts";
import { identifierOf, type PlatformName } from "./platforms.ts";

type Steps = Iterable<Step<RestreamAction>>;
type EventAction = Extract<RestreamAction, { action: "event" }>;

const onStage = ["twitch", "youtube", "kick"] as const satisfies PlatformName[];
const typeIds = { twitch: 4, youtube: 5, superChat: 7, superSticker: 8, kick: 25 } as const;
const supportTypeIds = {
  milestone: 23,
  kickSubscription: 26,
  membership: 28,
  gifting: 29,
} as const;

const deck: readonly Card<(chance: Chance) => Steps>[] = [
  { weight: 60, play: (chance) => chat(chance, typeIds.twitch) },
  { weight: 35, play: (chance) => chat(chance, typeIds.youtube) },
  { weight: 25, play: (chance) => chat(chance, typeIds.kick) },
  { weight: 8, play: twitchEmote },
  { weight: 3, play: (chance) => praise(chance, typeIds.superChat) },
  { weight: 1, play: (chance) => support(chance, typeIds.superSticker) },
  { weight: 1, play: (chance) => praise(chance, supportTypeIds.milestone) },
  { weight: 1.5, play: (chance) => support(chance, supportTypeIds.kickSubscription) },
  { weight: 1.5, play: (chance) => support(chance, supportTypeIds.membership) },
  { weight: 0.7, play: (chance) => support(chance, supportTypeIds.gifting) },
  { weight: 1, play: reply },
  { weight: 0.6, play: handOver },
];

/** Three chats at once, for ever: one to three messages a second, and now and then something more. */
export function* demo(chance: Chance): Steps {
  for (const platform of onStage) {
    yield { do: { action: "connect", platform } };
  }
  yield { until: "subscribed>=1", afterMs: 300 };
  for (;;) {
    const scene = draw(deck, chance);
    yield* scene(chance);
  }
}

function* chat(chance: Chance, eventTypeId: number): Steps {
  const text = smallTalk(chance);
  yield paced(chance, { eventTypeId, text, ...by(chance.pick(chatters)) });
}

function* twitchEmote(chance: Chance): Steps {
  const emote = chance.pick(["riverWave", "riverTea", "riverCheer"]);
  const text = chance.pick([emote, `${emote} ${emote}`, `hello ${emote}`, `${emote} well built!`]);
  yield paced(chance, { eventTypeId: typeIds.twitch, text, ...by(chance.pick(chatters)) });
}

function* praise(chance: Chance, eventTypeId: number): Steps {
  const text = kindWords(chance);
  yield paced(chance, { eventTypeId, text, ...by(chance.pick(chatters)) });
}

function* support(chance: Chance, eventTypeId: number): Steps {
  yield paced(chance, { eventTypeId, ...by(chance.pick(chatters)) });
}

/** The streamer writes to all three chats; the last one takes its time, or fails. */
function* reply(chance: Chance): Steps {
  const replyUuid = chance.uuid();
  const [twitch, youtube, kick] = onStage.map((platform) => identifierOf(platform));
  const text = chance.pick([
    "Thank you all for being here!",
    "Back in two minutes.",
    "Blue it is.",
  ]);
  yield { afterMs: 400, do: { action: "replyCreated", replyUuid, text } };
  yield { afterMs: 120, do: { action: "replyAccepted", replyUuid, identifier: twitch } };
  // A confirmation may come before the acceptance, or in its place.
  yield { afterMs: 60, do: { action: "replyConfirmed", replyUuid, identifier: youtube } };
  yield { afterMs: 60, do: { action: "replyAccepted", replyUuid, identifier: youtube } };
  yield { afterMs: 200, do: { action: "replyConfirmed", replyUuid, identifier: twitch } };
  if (chance.happens(0.2)) {
    const reason = "connection_not_established_yet";
    yield { afterMs: 300, do: { action: "replyFailed", replyUuid, identifier: kick, reason } };
  } else {
    yield { afterMs: 300, do: { action: "replyConfirmed", replyUuid, identifier: kick } };
  }
}

/** Make before break, with a message while both connections stand. */
function* handOver(chance: Chance): Steps {
  const identifier = identifierOf(chance.pick(onStage));
  yield { afterMs: 200, do: { action: "replace", identifier } };
  yield* chat(chance, typeIds.twitch);
}

/** At the pace of three lively chats. */
function paced(chance: Chance, event: Omit<EventAction, "action">): Step<RestreamAction> {
  return { afterMs: chance.integer(330, 800), do: { action: "event", ...event } };
}

function by({ name }: Chatter): Pick<EventAction, "author"> {
  return { author: name };
}
