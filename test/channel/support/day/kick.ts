import activities from "../../../protocols/astro/frames/activities.json";
import astroChat from "../../../protocols/astro/frames/chat.json";
import channel from "../../../protocols/kick/frames/channel.json";
import chat from "../../../protocols/kick/frames/chat.json";
import support from "../../../protocols/kick/frames/support.json";
import restream from "../../../protocols/restream/frames/events.json";
import { sayByRestream, tellByRestream, toAuthor } from "./chats.ts";
import { formatTime, MINUTE, person, SECOND, type Happening, type Told } from "./happening.ts";

/*
 * What Kick, StreamElements and Restream tell of what happens on Kick.
 */

const NAMES: Readonly<Record<string, string>> = {
  follow: "follower",
  sub: "subscriber",
  resub: "subscriber",
  cheer: "sender",
  redemption: "redeemer",
  ban: "banned_user",
  timeout: "banned_user",
};

function toPerson({ id, login, name }: Happening["who"]): object {
  return { is_anonymous: false, user_id: Number(id), username: name, channel_slug: login };
}

function kick(delivery: { body: object }, { no, at, who, deed }: Happening, body: object): Told {
  const own = NAMES[deed];
  const frame = {
    ...delivery,
    id: `D-${no}`,
    time: formatTime(at),
    body: {
      ...delivery.body,
      created_at: formatTime(at),
      ...(own !== undefined && { [own]: toPerson(who) }),
      ...body,
    },
  };
  return { by: "kick", frame, late: 3 * SECOND, named: [] };
}

function astro(
  frame: { data: object },
  { no, at, who }: Happening,
  more: object,
  late: number,
): Told {
  const said = { username: who.login, displayName: who.name, providerId: who.id, ...more };
  const data = {
    ...frame.data,
    provider: "kick",
    _id: `k${no}`,
    activityId: `k${no}`,
    createdAt: formatTime(at),
    data: said,
  };
  return { by: "astro", frame: { ...frame, id: `A-k${no}`, data }, late, named: [] };
}

function tellLine(happening: Happening): Told[] {
  const { deed, who, at, no } = happening;
  const text = deed === "emotes" ? `[emote:37226:KEKW] ${happening.text}` : happening.text;
  const body = {
    message_id: `k-${no}`,
    sender: toPerson(who),
    content: text,
    replies_to: deed === "reply" ? { message_id: "k-first" } : null,
  };
  const delivered = kick(chat["chat.message.sent"], happening, body);
  const data = { ...astroChat.kick.data, ...body, created_at: formatTime(at) };
  const passed = { ...astroChat.kick, id: `A-k${no}`, data };
  const named = ["chat.message"];
  return [
    { ...delivered, named },
    { by: "astro", frame: passed, late: 5 * SECOND, named },
    sayByRestream(happening, text),
  ];
}

/** All that is told of what happened on Kick. */
export function tellOfKick(happening: Happening): Told[] {
  const { deed, at, who, count, no } = happening;
  const author = toAuthor(happening);
  switch (deed) {
    case "follow":
      return [
        kick(support["channel.followed"], happening, {}),
        astro(activities.follower, happening, {}, 9 * MINUTE),
      ];
    case "sub":
    case "resub": {
      const kind = deed === "sub" ? "new" : "renewal";
      const months = deed === "sub" ? 1 : count;
      return [
        kick(support[`channel.subscription.${kind}`], happening, { duration: months }),
        astro(activities.subscriber, happening, { amount: months }, 14 * MINUTE),
        tellByRestream(restream["26"], happening, { author, subscription: { months } }, 7 * SECOND),
      ];
    }
    case "bomb": {
      const giftees = Array.from({ length: count }, (_, index) =>
        toPerson(person(1_000 + no * 10 + index)),
      );
      const body = { gifter: toPerson(who), giftees };
      return [
        kick(support["channel.subscription.gifts"], happening, body),
        astro(activities.communityGiftPurchase, happening, { amount: count }, 50 * SECOND),
      ];
    }
    case "cheer": {
      const amount = count * 100;
      const gift = { ...support["kicks.gifted"].body.gift, amount };
      return [
        kick(support["kicks.gifted"], happening, { gift }),
        astro(activities["cheer on Kick"], happening, { amount }, 25 * SECOND),
      ];
    }
    case "redemption": {
      const frame = channel["channel.reward.redemption.updated pending"];
      const body = { id: `kr-${no}`, redeemed_at: formatTime(at) };
      const more = { redemption: frame.body.reward.title };
      return [
        { ...kick(frame, happening, body), named: ["channel.redemption"] },
        astro(activities.channelPointsRedemption, happening, more, 25 * SECOND),
      ];
    }
    case "ban":
    case "timeout": {
      const expires_at = deed === "ban" ? null : formatTime(at + count * 300 * SECOND);
      const metadata = { reason: "", created_at: formatTime(at), expires_at };
      return [kick(channel["moderation.banned for good"], happening, { metadata })];
    }
    default:
      return tellLine(happening);
  }
}
