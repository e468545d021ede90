import { chatters, smallTalk } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { objectId } from "./activities.ts";
import { overlay } from "./overlay.ts";
import { channelId, loginOf, userNumber } from "./people.ts";
import { songPayloads } from "./songs.ts";

/** How a payload of a topic may look, by name. The first one is what is said unless another is asked for. */
type Variants = Readonly<Record<string, (chance: Chance) => unknown>>;

const actions = [
  "pause",
  "unpause",
  "mute",
  "unmute",
  "skip",
  "playNext",
  "emptyHypeCup",
  "reload",
];

/**
 * Every topic but chat, activities and tips. Nobody has written down what the last ones carry: they
 * are invented, so that a reader meets something on each topic that it may subscribe to.
 */
export const payloads: Readonly<Record<string, Variants>> = {
  "channel.stream.status": {
    live: () => ({ isLive: true }),
    offline: () => ({ isLive: false }),
  },
  "channel.session.update": {
    follower: (chance) => ({ key: "latest_follower", data: { name: someName(chance) } }),
    tip: (chance) => ({
      key: "tip-latest",
      data: { name: someName(chance), amount: chance.integer(1, 20), message: "" },
    }),
    total: (chance) => ({ key: "follower-session", data: { count: chance.integer(1, 300) } }),
  },
  // The service's page shows the first, and describes the other two.
  "channel.session.reset": {
    flat: (chance) => ({ "latest-follower": { name: someName(chance) } }),
    underscored: (chance) => ({ latest_follower: { name: someName(chance) } }),
    nested: (chance) => ({
      session: { "latest-follower": { name: someName(chance) }, "tip-total": { amount: 0 } },
    }),
  },
  "channel.overlay.action": Object.fromEntries(
    actions.map((action) => [action, () => ({ action })]),
  ),
  "channel.overlay.broadcast": {
    global: () => ({ target: "global", event: "scene-change", data: { scene: "mill" } }),
    overlay: (chance) => ({ target: objectId(chance), event: "otter-walks", data: { steps: 12 } }),
  },
  "channel.overlay.update": { overlay },
  "channel.kvstore.update": {
    number: (chance) => ({ key: "customWidget.otters", value: chance.integer(1, 99) }),
    object: (chance) => ({
      key: "customWidget.goal",
      value: { now: chance.integer(1, 99), of: 100 },
    }),
  },
  "channel.songrequest": songPayloads,
  "channel.contests": {
    update: (chance) => ({
      event: "update",
      payload: {
        optionId: objectId(chance),
        amount: chance.integer(10, 500),
        userId: String(userNumber(chance.pick(chatters))),
      },
    }),
    state: (chance) => ({
      event: "state",
      payload: { state: "running", contestId: objectId(chance) },
    }),
    winner: (chance) => ({ event: "winner", payload: { winnerId: objectId(chance) } }),
  },
  "channel.giveaways": {
    start: (chance) => giveaway(chance, "start", "running", null),
    enter: (chance) =>
      giveaway(chance, "enter", "running", {
        totalUsers: chance.integer(20, 200),
        totalTickets: chance.integer(200, 900),
        entry: { ...entrant(chance), tickets: chance.integer(1, 10), new: true },
      }),
    complete: (chance) =>
      giveaway(chance, "complete", "completed", { totalUsers: 118, totalTickets: 640 }),
    winner: (chance) =>
      giveaway(chance, "winner", "running", {
        totalUsers: 118,
        totalTickets: 640,
        winner: { ...entrant(chance), tickets: chance.integer(1, 10) },
      }),
    close: (chance) => giveaway(chance, "close", "closed", null),
    refund: (chance) => giveaway(chance, "refund", "refunded", null),
    "refund-entry": (chance) =>
      giveaway(chance, "refund-entry", "running", { entry: { ...entrant(chance), tickets: 4 } }),
  },
  "channel.chatbot.status": {
    joined: () => ({ joined: true }),
    mod: () => ({ mod: true }),
    muted: () => ({ muted: true }),
    banned: () => ({ banned: true }),
  },
  "channel.chatbot.counters": {
    counter: (chance) => ({ counter: "ladders", value: chance.integer(1, 80) }),
  },
  "channel.chatbot.modules.pyramid": {
    pyramid: (chance) => ({
      ...chatbotUser(chance),
      word: "riverTea",
      width: chance.integer(3, 5),
    }),
  },
  "channel.chatbot.modules.emotecombo": {
    combo: (chance) => ({
      ...chatbotUser(chance),
      emote: "riverWave",
      count: chance.integer(3, 9),
    }),
  },
  "channel.chatbot.timeout": {
    timeout: (chance) => ({ ...chatbotUser(chance), duration: 300 }),
  },
  "channel.follow": {
    follow: (chance) => ({ name: someName(chance), provider: "twitch" }),
  },
  "channel.chatbot.modules": { module: () => ({ module: "emoteCombo", enabled: true }) },
  "channel.chatbot.commands": { command: () => ({ command: "otter", enabled: true, cooldown: 5 }) },
  "channel.chatbot.timers": { timer: () => ({ name: "hydrate", enabled: true, interval: 15 }) },
  "channel.chatbot.filters": { filter: () => ({ filter: "links", enabled: true }) },
  "channel.chatstats": {
    chatstats: (chance) => ({
      messages: chance.integer(10, 4_000),
      chatters: chance.integer(3, 90),
    }),
  },
  "channel.announcements": { announcement: (chance) => ({ message: smallTalk(chance) }) },
  "channel.loyalty.items": {
    item: (chance) => ({ _id: objectId(chance), name: "Choose the next song", cost: 400 }),
  },
  "channel.loyalty.redemptions": {
    redemption: (chance) => ({
      _id: objectId(chance),
      item: { name: "Choose the next song", cost: 400 },
      redeemer: { username: someName(chance) },
    }),
  },
};

function giveaway(chance: Chance, event: string, state: string, data: unknown) {
  return { channelId, giveawayId: objectId(chance), event, state, data };
}

function entrant(chance: Chance) {
  const chatter = chance.pick(chatters);
  return {
    providerId: `twitch:${userNumber(chatter)}`,
    username: loginOf(chatter),
    subscriber: chatter.subscribedMonths > 0,
  };
}

function chatbotUser(chance: Chance) {
  const chatter = chance.pick(chatters);
  return {
    msg_id: chance.uuid(),
    user_id: String(userNumber(chatter)),
    user_name: chatter.name,
  };
}

function someName(chance: Chance): string {
  return chance.pick(chatters).name;
}
