import { type Chatter, chatters, streamer } from "../kit/cast.ts";
import { idOf } from "../twitch-irc/people.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Three fields that begin alike. */
export function named(prefix: string, { name }: Pick<Chatter, "name">): Record<string, string> {
  const login = name.toLowerCase();
  return { [`${prefix}_id`]: idOf(login), [`${prefix}_login`]: login, [`${prefix}_name`]: name };
}

export function findChatter(name: string): Chatter {
  const known = [...chatters, streamer].find(
    (each) => each.name.toLowerCase() === name.toLowerCase(),
  );
  return known ?? { name, color: "#808080", isModerator: false, subscribedMonths: 0 };
}

function badgesOf({ isModerator, subscribedMonths: months }: Chatter): object[] {
  return [
    ...(isModerator ? [{ set_id: "moderator", id: "1", info: "" }] : []),
    ...(months > 0
      ? [
          {
            set_id: "subscriber",
            id: String(Math.max(1, 3 * Math.floor(months / 3))),
            info: String(months),
          },
        ]
      : []),
  ];
}

const notShared = {
  source_broadcaster_user_id: null,
  source_broadcaster_user_login: null,
  source_broadcaster_user_name: null,
  source_message_id: null,
  source_badges: null,
  is_source_only: null,
} as const;

/** A text in pieces: the one emote that this chat knows, cheers, and the rest. */
export function cut(text: string): { text: string; fragments: object[] } {
  const pieces = text.split(/(\bKappa\b|\bcheer\d+\b)/).filter((piece) => piece !== "");
  const fragments = pieces.map((piece) => {
    const bits = /^cheer(\d+)$/.exec(piece)?.[1];
    const none = { cheermote: null, emote: null, mention: null };
    if (piece === "Kappa") {
      const emote = { id: "25", emote_set_id: "0", owner_id: "0", format: ["static"] };
      return { type: "emote", text: piece, ...none, emote };
    }
    return bits === undefined
      ? { type: "text", text: piece, ...none }
      : {
          type: "cheermote",
          text: piece,
          ...none,
          cheermote: { prefix: "cheer", bits: Number(bits), tier: 1 },
        };
  });
  return { text, fragments };
}

export function messageEvent(
  chatter: Chatter,
  { id, text, isAction }: { id: string; text: string; isAction?: boolean | undefined },
): Fields {
  const said = isAction === true ? `\u0001ACTION ${text}\u0001` : text;
  return {
    ...notShared,
    ...named("chatter_user", chatter),
    message_id: id,
    message: cut(said),
    color: chatter.color,
    badges: badgesOf(chatter),
    message_type: "text",
    cheer: null,
    reply: null,
    channel_points_custom_reward_id: null,
    channel_points_animation_id: null,
  };
}

const kinds = [
  "sub",
  "resub",
  "sub_gift",
  "community_sub_gift",
  "gift_paid_upgrade",
  "prime_paid_upgrade",
  "pay_it_forward",
  "raid",
  "unraid",
  "announcement",
  "bits_badge_tier",
  "charity_donation",
  "watch_streak",
  "modiversary",
];

export function noticeEvent(
  chatter: Chatter | null,
  {
    id,
    kind,
    own,
    text,
    system,
  }: { id: string; kind: string; own: Fields; text: string; system: string },
): Fields {
  const nobody = { chatter_user_id: null, chatter_user_login: null, chatter_user_name: null };
  return {
    ...notShared,
    ...(chatter === null ? nobody : named("chatter_user", chatter)),
    chatter_is_anonymous: chatter === null,
    color: chatter?.color ?? "",
    badges: chatter === null ? [] : badgesOf(chatter),
    system_message: system,
    message_id: id,
    message: cut(text),
    notice_type: kind,
    ...Object.fromEntries(kinds.map((each) => [each, null])),
    [kind]: own,
  };
}

/** What is in an event of any other type, before the caller's own fields are laid over it. */
export function plainEvent(type: string, chatter: Chatter, at: string): Fields {
  const who = named("user", chatter);
  switch (type) {
    case "channel.follow":
      return { ...who, followed_at: at };
    case "channel.bits.use":
      return { ...who, bits: 100, type: "cheer", power_up: null, message: cut("cheer100") };
    case "channel.raid":
      return {
        ...named("from_broadcaster_user", chatter),
        ...named("to_broadcaster_user", streamer),
        viewers: 42,
      };
    case "stream.online":
      return { id: "9001", type: "live", started_at: at };
    case "channel.update":
      return {
        title: "A mill by the river",
        language: "en",
        category_id: "509658",
        category_name: "Just Chatting",
        content_classification_labels: [],
      };
    case "channel.chat.message_delete":
    case "channel.chat.clear_user_messages":
      return named("target_user", chatter);
    case "channel.channel_points_custom_reward_redemption.add":
      return {
        ...who,
        id: "17fa2df1-ad76-4804-bfa5-a40ef63efe63",
        user_input: "",
        status: "unfulfilled",
        reward: { id: "92af127c", title: "Feed the otter", cost: 500, prompt: "" },
        redeemed_at: at,
      };
    case "channel.moderate":
      return { ...named("moderator_user", streamer), action: "clear" };
    default:
      return who;
  }
}
