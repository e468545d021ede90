import { type Chatter, streamer } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";
import { avatarOf, chatterNamed, loginOf, userNumber } from "./people.ts";

export const chatPlatforms = ["twitch", "youtube", "kick", "trovo"] as const;
export type ChatPlatform = (typeof chatPlatforms)[number];

interface Remark {
  readonly chance: Chance;
  readonly author: Chatter;
  readonly text: string;
  /** The platform's own id of the message. */
  readonly messageId: string;
  readonly at: Date;
}

/** Each platform's message is passed on as it came: nothing is common to the four. */
export function chatMessage(
  platform: ChatPlatform,
  remark: Omit<Remark, "at" | "messageId"> & { readonly messageId?: string | undefined },
): Record<string, unknown> {
  const messageId = remark.messageId ?? ownId[platform](remark.chance);
  return shapes[platform]({ ...remark, messageId, at: new Date() });
}

const ownId: Readonly<Record<ChatPlatform, (chance: Chance) => string>> = {
  twitch: (chance) => chance.uuid(),
  youtube: (chance) => `LCC.${chance.hex(36)}`,
  kick: (chance) => chance.uuid(),
  trovo: (chance) => `${Date.now()}${chance.integer(100_000, 999_999)}_${chance.integer(1, 9)}`,
};

const shapes: Readonly<Record<ChatPlatform, (remark: Remark) => Record<string, unknown>>> = {
  twitch,
  youtube,
  kick,
  trovo,
};

function twitch({ author, text, messageId }: Remark): Record<string, unknown> {
  const fragments = fragmentsOf(text);
  const bits = fragments.reduce((total, { cheermote }) => total + (cheermote?.bits ?? 0), 0);
  return {
    broadcaster_user_id: String(userNumber(streamer)),
    broadcaster_user_login: loginOf(streamer),
    broadcaster_user_name: streamer.name,
    source_broadcaster_user_id: "",
    chatter_user_id: String(userNumber(author)),
    chatter_user_login: loginOf(author),
    chatter_user_name: author.name,
    message_id: messageId,
    color: author.color,
    message: { text, fragments },
    cheer: bits > 0 ? { bits } : null,
    badges: badgesOf(author),
    message_type: "text",
    reply: null,
    channel_points_custom_reward_id: null,
  };
}

function youtube({ chance, author, text, messageId, at }: Remark): Record<string, unknown> {
  const authorId = `UC${String(userNumber(author)).padStart(22, "r")}`;
  return {
    authorDetails: {
      channelId: authorId,
      channelUrl: `http://www.youtube.com/channel/${authorId}`,
      displayName: author.name,
      isChatModerator: author.isModerator,
      isVerified: false,
      isChatOwner: author.name === streamer.name,
      isChatSponsor: author.subscribedMonths > 0,
      profileImageUrl: avatarOf(author),
    },
    etag: chance.hex(27),
    id: messageId,
    kind: "youtube#liveChatMessage",
    snippet: {
      authorChannelId: authorId,
      displayMessage: text,
      hasDisplayContent: true,
      liveChatId: `KicKGFVD${userNumber(streamer)}`,
      publishedAt: preciseTime(at, "000"),
      textMessageDetails: { messageText: text },
      type: "textMessageEvent",
    },
  };
}

function kick({ author, text, messageId }: Remark): Record<string, unknown> {
  return {
    message_id: messageId,
    broadcaster: kickUser(streamer),
    sender: kickUser(author),
    content: text,
    emotes: null,
  };
}

function trovo({ author, text, messageId, at }: Remark): Record<string, unknown> {
  const channel = String(userNumber(streamer));
  return {
    id: `${messageId}_${channel}`,
    channel_id: channel,
    type: 0,
    created_at: preciseTime(at, "000000"),
    data: {
      avatar: avatarOf(author),
      roles: trovoRoles(author),
      emotes: [...text.matchAll(/:(\w+!?)/g)].map(([, id]) => ({ id, format: 3 })),
      display_name: author.name,
      username: loginOf(author),
      sender_id: String(userNumber(author)),
      text,
    },
  };
}

interface Fragment {
  readonly type: "text" | "emote" | "mention" | "cheermote";
  readonly text: string;
  readonly cheermote: { readonly prefix: string; readonly bits: number; readonly tier: 1 } | null;
  readonly emote: object | null;
  readonly mention: object | null;
}

const special = /(<3|\briver[A-Z][a-z]+|(?<=^|\s)@\w+|\bcheer[1-9]\d*)/;

/** The parts of a message that are not plain words stand apart from them. */
function fragmentsOf(text: string): Fragment[] {
  return text
    .split(special)
    .filter((part) => part !== "")
    .map((part) => ({ ...plain, text: part, ...(special.test(part) ? fragmentOf(part) : {}) }));
}

const plain = { type: "text", cheermote: null, emote: null, mention: null } as const;

function fragmentOf(part: string): Partial<Fragment> {
  if (part.startsWith("@")) {
    const user = chatterNamed(part.slice(1));
    const mention = {
      user_id: String(userNumber(user)),
      user_login: loginOf(user),
      user_name: user.name,
    };
    return { type: "mention", mention };
  }
  if (part.startsWith("cheer")) {
    const bits = Number(part.slice("cheer".length));
    return { type: "cheermote", cheermote: { prefix: "cheer", bits, tier: 1 } };
  }
  const isOwn = part.startsWith("river");
  const owner = isOwn ? String(userNumber(streamer)) : "twitch";
  const set = isOwn ? "300187442" : "0";
  const id = isOwn ? `emotesv2_${part.toLowerCase()}` : "9";
  return { type: "emote", emote: { id, emote_set_id: set, owner_id: owner, format: ["static"] } };
}

function badgesOf({ name, isModerator, subscribedMonths }: Chatter): object[] {
  return [
    ...(name === streamer.name ? [{ set_id: "broadcaster", id: "1", info: "" }] : []),
    ...(isModerator ? [{ set_id: "moderator", id: "1", info: "" }] : []),
    ...(subscribedMonths > 0
      ? [{ set_id: "subscriber", id: "0", info: String(subscribedMonths) }]
      : []),
  ];
}

function kickUser(user: Chatter): Record<string, unknown> {
  return {
    user_id: userNumber(user),
    username: user.name,
    is_verified: false,
    profile_picture: "",
    channel_id: 0,
    channel_slug: loginOf(user),
  };
}

function trovoRoles({ name, isModerator, subscribedMonths }: Chatter): string[] {
  return [
    ...(name === streamer.name ? ["streamer"] : []),
    ...(isModerator ? ["mod"] : []),
    ...(subscribedMonths > 0 ? ["subscriber"] : []),
  ];
}

/** With more digits than a millisecond has. */
function preciseTime(at: Date, moreDigits: string): string {
  return at.toISOString().replace("Z", `${moreDigits}Z`);
}
