import type { CatalogueType, DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import type { Amount, Person, Subscription, User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import type { Line } from "../wire/line.ts";
import { SERVER } from "../wire/served.ts";
import { cutText, makeTime, toRoom } from "./from-parts.ts";
import { makeUserTags, NOBODY, toLogin, toName, toUserId } from "./from-user.ts";

interface Notice {
  readonly kind: string;
  readonly user: Person | undefined;
  readonly system: string;
  readonly params?: Readonly<Record<string, string | number | undefined>>;
  readonly text?: string | undefined;
}

/** Describes in Twitch's notices a deed for a channel; in none where it has no word for it. */
export function toNoticeLines(event: StreamEvent, roomId: string): Line[] {
  return listNotices(event).map((notice, index) => formatNotice(event, roomId, notice, index));
}

function listNotices(event: StreamEvent): Notice[] {
  const { platform } = event;
  switch (event.type as CatalogueType) {
    case "channel.subscription": {
      const { user, subscription } = event.data as DataOf<"channel.subscription">;
      return [describeSubscription(user, subscription, platform)];
    }
    case "channel.subscription.gift":
      return listGifts(event.data as DataOf<"channel.subscription.gift">, platform);
    case "channel.raid": {
      const { user, viewers, direction } = event.data as DataOf<"channel.raid">;
      if (direction === "out") return [];
      const system = `${viewers} raiders from ${toName(user)} have joined!`;
      const params = {
        displayName: toName(user),
        login: toLogin(user, platform),
        profileImageURL: user.avatar,
        viewerCount: viewers,
      };
      return [{ kind: "raid", user, system, params }];
    }
    case "channel.tip": {
      const { user, amount, message, moderation } = event.data as DataOf<"channel.tip">;
      if (moderation === "pending" || moderation === "rejected") return [];
      return [announceAmount(user, amount, message?.text)];
    }
    case "channel.cheer": {
      const { user, amount, message } = event.data as DataOf<"channel.cheer">;
      return [announceAmount(user, amount, message?.text)];
    }
    case "chat.notice": {
      const { user, text } = event.data as DataOf<"chat.notice">;
      return text === "" ? [] : [announce(user, text)];
    }
    default:
      return [];
  }
}

/** Money and other units are told of in words: whoever counts bits must find none in them. */
function announceAmount(user: User | undefined, amount: Amount, words = ""): Notice {
  const sum = amount.display ?? `${amount.value} ${amount.currency}`;
  const said = words === "" ? "" : `: ${words}`;
  return announce(user, `${toName(user ?? NOBODY)} gave ${sum}${said}`);
}

function announce(user: User | undefined, text: string): Notice {
  return { kind: "announcement", user, system: "", params: { color: "PRIMARY" }, text };
}

function describeSubscription(
  user: User,
  { kind, tier, months, streak, gift, message }: Subscription,
  platform: string,
): Notice {
  if (kind === "new" && gift !== undefined) {
    return describeGiven(gift.from, user, { tier, months, id: gift.id }, platform);
  }
  const name = toName(user);
  if (kind === "upgrade") {
    const { from } = gift ?? {};
    const params = {
      "sender-login": from && toLogin(from, platform),
      "sender-name": from && toName(from),
      ...makePlan(tier),
    };
    const system = `${name} is continuing the subscription they have.`;
    return { kind: from ? "giftpaidupgrade" : "primepaidupgrade", user, system, params };
  }
  const params = {
    "cumulative-months": months ?? 1,
    months: 0,
    "should-share-streak": streak === undefined ? 0 : 1,
    "streak-months": streak,
    ...makePlan(tier),
    "was-gifted": String(gift !== undefined),
  };
  const since = kind === "new" ? "" : ` They've subscribed for ${months ?? 1} months!`;
  const system = `${name} subscribed${describeTier(tier)}.${since}`;
  return { kind: kind === "new" ? "sub" : "resub", user, system, params, text: message };
}

interface Given {
  readonly tier: string | undefined;
  readonly months?: number | undefined;
  readonly id: string | undefined;
}

function listGifts(
  { user, count, tier, recipients, gift }: DataOf<"channel.subscription.gift">,
  platform: string,
): Notice[] {
  const given = recipients.map((each) =>
    describeGiven(user, each, { tier, id: gift?.id }, platform),
  );
  if (count === 1 && given.length === 1 && gift === undefined) return given;
  const system = `${toName(user ?? NOBODY)} is gifting ${count} subs to the community!`;
  const params = { "mass-gift-count": count, ...makeOrigin(gift?.id), ...makePlan(tier) };
  return [{ kind: "submysterygift", user, system, params }, ...given];
}

function describeGiven(
  from: Person | undefined,
  to: Person,
  { tier, months, id }: Given,
  platform: string,
): Notice {
  const params = {
    ...makeOrigin(id),
    "gift-months": 1,
    months: months ?? 1,
    "recipient-display-name": toName(to),
    "recipient-id": toUserId(to, platform),
    "recipient-user-name": toLogin(to, platform),
    ...makePlan(tier),
  };
  const system = `${toName(from ?? NOBODY)} gifted a sub to ${toName(to)}!`;
  return { kind: "subgift", user: from, system, params };
}

function makeOrigin(id: string | undefined): Notice["params"] {
  return { "community-gift-id": id, "origin-id": id };
}

/** Twitch knows four plans: what is another's is the first, under its own name. */
function makePlan(tier: string | undefined): Notice["params"] {
  const plan = tier === "prime" ? "Prime" : /^[123]$/.test(tier ?? "") ? `${tier}000` : tier;
  const isKnown = plan !== undefined && /^(?:Prime|[123]000)$/.test(plan);
  return { "sub-plan": isKnown ? plan : "1000", "sub-plan-name": tier ?? "" };
}

function describeTier(tier: string | undefined): string {
  if (tier === "prime") return " with Prime";
  const [, level] = /^([123])(?:000)?$/.exec(tier ?? "") ?? [];
  return level === undefined ? "" : ` at Tier ${level}`;
}

function formatNotice(event: StreamEvent, roomId: string, notice: Notice, index: number): Line {
  const { platform } = event;
  const { kind, user = NOBODY, system, params = {}, text } = notice;
  const given = {
    name: toName(user),
    roles: [],
    badges: [],
    anonymous: false,
    ...omitUndefined(user),
  };
  const whole: User = { key: `${platform}:${user.id ?? ""}`, id: user.id ?? "", ...given };
  const own = Object.entries(params).map(
    ([name, value]) => [`msg-param-${name}`, value?.toString()] as const,
  );
  const tags = omitUndefined({
    ...makeUserTags(whole, user === NOBODY ? "twitch" : platform),
    emotes: "",
    flags: "",
    id: index === 0 ? event.id : `${event.id}-${index}`,
    login: user === NOBODY ? NOBODY.login : toLogin(user, platform),
    "msg-id": kind,
    ...Object.fromEntries(own),
    "room-id": roomId,
    "system-msg": system,
    ...makeTime(event),
  });
  const words = cutText(text ?? "");
  const said = words === "" ? [] : [words];
  return { tags, prefix: SERVER, command: "USERNOTICE", params: [toRoom(event), ...said] };
}
