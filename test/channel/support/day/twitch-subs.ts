import activities from "../../../protocols/astro/frames/activities.json";
import noticed from "../../../protocols/twitch-eventsub/frames/notices.json";
import subscriptions from "../../../protocols/twitch-irc/frames/subscriptions.json";
import { MINUTE, person, SECOND, type Happening, type Told } from "./happening.ts";
import { activity, astro, author, chatter, eventSub, idOf, irc } from "./twitch-frames.ts";

/*
 * What is told of subscriptions on Twitch, paid for by oneself or given.
 */

/** Somebody subscribes, or goes on. */
export function tellSubscription(happening: Happening): Told[] {
  const kind = happening.deed === "sub" ? "sub" : "resub";
  const isGiven = happening.deed === "resub of a gift";
  const months = kind === "sub" ? 1 : happening.count + 5;
  const tags = { ...author(happening), id: idOf(happening), "msg-param-cumulative-months": months };
  const told = noticed[isGiven ? "resub of a gift" : kind];
  const own = { ...told.payload.event[kind], cumulative_months: months };
  const event = { ...chatter(happening), message_id: idOf(happening), [kind]: own };
  const named = ["channel.subscription"];
  const passed = activity(happening, { amount: months, tier: kind === "sub" ? "prime" : "2000" });
  return [
    {
      by: "twitch-irc",
      frame: irc(subscriptions[happening.deed as "resub of a gift"], tags),
      late: 2 * SECOND,
      named,
    },
    {
      by: "twitch-eventsub",
      frame: eventSub(told, happening, event),
      late: 3 * SECOND,
      named,
    },
    {
      by: "astro",
      frame: astro(activities.subscriber, happening, idOf(happening), passed),
      late: 14 * MINUTE,
      named: [],
    },
  ];
}

/** Somebody keeps what was a gift. StreamElements has no word for it. */
export function tellUpgrade(happening: Happening): Told[] {
  const id = idOf(happening);
  const tags = { ...author(happening), id };
  const event = { ...chatter(happening), message_id: id };
  const named = ["channel.subscription"];
  return [
    { by: "twitch-irc", frame: irc(subscriptions.giftpaidupgrade, tags), late: 2 * SECOND, named },
    {
      by: "twitch-eventsub",
      frame: eventSub(noticed["gift that is kept"], happening, event),
      late: 3 * SECOND,
      named,
    },
  ];
}

/** A subscription given to one person, by itself or of several; `bomb` is what all were bought as. */
export function tellGiven(happening: Happening, number: number, bomb?: string): Told[] {
  const to = person(1_000 + happening.no * 10 + number);
  const part = `-${number}`;
  const id = idOf(happening, part);
  const tags = {
    ...author(happening),
    id,
    "msg-param-recipient-id": to.id,
    "msg-param-recipient-user-name": to.login,
    "msg-param-recipient-display-name": to.name,
    "msg-param-months": String(number + 1),
    ...(bomb !== undefined && { "msg-param-community-gift-id": bomb }),
  };
  const own = {
    ...noticed["gift to one"].payload.event.sub_gift,
    recipient_user_id: to.id,
    recipient_user_login: to.login,
    recipient_user_name: to.name,
    community_gift_id: bomb ?? null,
  };
  const event = { ...chatter(happening), message_id: id, sub_gift: own };
  const told = activity(
    { ...happening, who: to },
    { amount: number + 1, tier: "1000", gifted: true, sender: happening.who.login },
  );
  const named = ["channel.subscription", "channel.subscription.gift"];
  return [
    { by: "twitch-irc", part, frame: irc(subscriptions.subgift, tags), late: 2 * SECOND, named },
    {
      by: "twitch-eventsub",
      part,
      frame: eventSub(noticed["gift to one"], happening, event, part),
      late: 3 * SECOND,
      named,
    },
    {
      by: "astro",
      part,
      frame: astro(activities["subscriber by gift"], happening, id, told),
      late: 50 * SECOND,
      named: [],
    },
  ];
}

/** Several at once, and each of them afterwards. */
export function tellBomb(happening: Happening): Told[] {
  const { count, no } = happening;
  const bomb = String(5_803_869_924_201_000_000n + BigInt(no));
  const id = idOf(happening);
  const tags = {
    ...author(happening),
    id,
    "msg-param-community-gift-id": bomb,
    "msg-param-origin-id": bomb,
    "msg-param-mass-gift-count": String(count),
  };
  const own = { id: bomb, total: count, sub_tier: "1000", cumulative_total: null };
  const event = { ...chatter(happening), message_id: id, community_sub_gift: own };
  const named = ["channel.subscription.gift"];
  const told = activity(happening, { amount: count, tier: "1000" });
  return [
    { by: "twitch-irc", frame: irc(subscriptions.submysterygift, tags), late: 2 * SECOND, named },
    {
      by: "twitch-eventsub",
      frame: eventSub(noticed["several gifts"], happening, event),
      late: 3 * SECOND,
      named,
    },
    {
      by: "astro",
      frame: astro(activities.communityGiftPurchase, happening, id, told),
      late: 50 * SECOND,
      named: [],
    },
    ...Array.from({ length: count }, (_, index) => tellGiven(happening, index + 1, bomb)).flat(),
  ];
}
