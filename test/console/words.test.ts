import { describe, it } from "vitest";

import type { StreamEvent } from "../../src/client/event-types.ts";
import { takeEvents } from "../../src/console/state/lines.ts";
import { sayEvent } from "../../src/console/text/events.ts";
import { ACTIVITY, ALERTS, isOneOf, NOTABLE } from "../../src/console/text/kinds.ts";
import { catalogue, type CatalogueType } from "../../src/event/catalogue.ts";

function makeEvent(type: string, data: object): StreamEvent {
  return {
    specversion: "1.0",
    id: "epoch00000-1",
    source: "/channels/mine",
    type,
    recordedtime: "2026-11-29T01:00:00.000Z",
    sequence: "1",
    provider: "restream",
    platform: "twitch",
    data,
  } as unknown as StreamEvent;
}

const user = { key: "twitch:1", id: "1", name: "Fern", roles: [], badges: [], anonymous: false };
const by = { key: "twitch:2", id: "2", name: "Moss" };
const train = { trainId: "t", level: 3, total: 900, progress: 120, goal: 1_000 };
const goal = { goalId: "g", kind: "follow", title: "A thousand", current: 400, target: 1_000 };
const choices = [
  { id: "1", title: "Left", votes: 3 },
  { id: "2", title: "Right", votes: 5 },
];
const poll = { pollId: "p", title: "Which way?", choices };
const outcomes = [
  { id: "1", title: "Yes", points: 300 },
  { id: "2", title: "No", points: 20 },
];
const prediction = { predictionId: "p", title: "Will it rain?", outcomes };
const amount = { value: "40", currency: "dlive:lemon", kind: "virtual" };
const held = {
  id: "m",
  text: "is this fine?",
  fragments: [],
  action: false,
  highlighted: false,
  first: false,
};

const SAID: readonly (readonly [type: CatalogueType, data: object, words: string])[] = [
  [
    "chat.message.held",
    { user, message: held, reason: "automod" },
    "Fern waits for a moderator (automod): is this fine?",
  ],
  [
    "chat.message.reviewed",
    { messageId: "m", outcome: "approved", user, by },
    "A line of Fern that waited: approved by Moss",
  ],
  [
    "chat.settings.updated",
    { emoteOnly: true, followersOnly: false, slowSeconds: 30 },
    "Who may write: emotes only, not followers only, a line every 30 s",
  ],
  ["chat.emote.added", { emote: { id: "e", name: "fernWave" } }, "New emote: fernWave"],
  [
    "channel.redemption",
    { user, reward: { title: "Hydrate" }, input: "now", status: "canceled" },
    "Fern redeemed Hydrate: now (cancelled)",
  ],
  [
    "channel.shoutout",
    { user, by, viewers: 12, direction: "out" },
    "Fern was recommended to 12 viewers by Moss",
  ],
  ["channel.shoutout", { user, direction: "in" }, "Fern recommends this channel to their viewers"],
  ["channel.ad.started", { seconds: 90, automatic: true }, "Advertisements for 90 s, by itself"],
  ["channel.hype_train.started", { ...train, level: 1 }, "A hype train began"],
  ["channel.hype_train.progressed", train, "Hype train: level 3, 120 of 1,000"],
  ["channel.hype_train.ended", train, "The hype train ended at level 3"],
  ["channel.goal.started", goal, "New goal, A thousand, 400 of 1,000"],
  ["channel.goal.progressed", { ...goal, title: "" }, "Goal, follow, 400 of 1,000"],
  [
    "channel.goal.ended",
    { ...goal, achieved: false },
    "The goal was not reached, A thousand, 400 of 1,000",
  ],
  ["channel.poll.started", poll, "Poll: Which way? (Left, Right)"],
  ["channel.poll.progressed", poll, "Poll: Which way? (Left 3, Right 5)"],
  ["channel.poll.ended", poll, "The poll ended: Which way? (Left 3, Right 5)"],
  ["channel.prediction.started", prediction, "Prediction: Will it rain? (Yes, No)"],
  ["channel.prediction.progressed", prediction, "Prediction: Will it rain? (Yes 300, No 20)"],
  ["channel.prediction.locked", prediction, "No more bets: Will it rain? (Yes 300, No 20)"],
  [
    "channel.prediction.ended",
    { ...prediction, winner: "2" },
    "The prediction ended: Will it rain? (it was No)",
  ],
  [
    "channel.prediction.ended",
    { ...prediction, status: "canceled" },
    "The prediction ended: Will it rain? (canceled)",
  ],
  ["moderation.warning", { user, by, reason: "be kind" }, "Fern was warned by Moss: be kind"],
  ["moderation.moderator.added", { user }, "Fern is a moderator now"],
  ["moderation.vip.removed", { user, by }, "Fern is no longer a VIP (by Moss)"],
  ["chest.giveaway.started", { value: "40" }, "A treasure chest of 40 is given away"],
  ["chest.giveaway.ended", { winners: [by] }, "A treasure chest went to 1 winner"],
  ["chest.value.updated", { amount }, "The treasure chest holds 40 lemons"],
  ["stream.status", { incoming: true, pushing: true }, "The stream comes in, is pushed on"],
];

describe("an event in words", () => {
  it.for(SAID)("of %s is a sentence: %j", ([type, data, words], { expect }) => {
    expect(catalogue[type].data.safeParse(data).error?.issues ?? []).toEqual([]);
    expect(sayEvent(makeEvent(type, data))).toBe(words);
  });

  it("that has no word of its own, or that lacks what its words need, is shown as it is", ({
    expect,
  }) => {
    expect(sayEvent(makeEvent("custom.poll", { n: 1 }))).toBe('{"n":1}');
    expect(sayEvent(makeEvent("channel.poll.ended", { old: true }))).toBe('{"old":true}');
  });
});

describe("kinds of events", () => {
  it("are of the catalogue, and of what is notable all that has a row in the dock", ({
    expect,
  }) => {
    const known = Object.keys(catalogue);
    for (const pattern of [...ALERTS, ...ACTIVITY, ...NOTABLE])
      expect([pattern, known.some((type) => isOneOf(type, [pattern]))]).toEqual([pattern, true]);
    expect(ACTIVITY.filter((type) => !isOneOf(type, NOTABLE))).toEqual([]);
    expect(isOneOf("channel.tipping", ["channel.tip"])).toBe(false);
  });

  it("of which the dock tells are lines of it", ({ expect }) => {
    const lines = takeEvents(
      [],
      [makeEvent("channel.hype_train.ended", train), makeEvent("channel.goal.progressed", goal)],
      0,
    );
    expect(lines.map(({ event }) => event.type)).toEqual(["channel.hype_train.ended"]);
  });
});
