import type { DataOf } from "../../../event/catalogue.ts";
import type { StreamEvent } from "../../../event/event.ts";
import { chooseMessageId } from "../../../event/message.ts";
import { readToldId } from "../../../event/nobody.ts";
import type { Fragment, Role, User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { ROLE_OF_BADGE } from "../../badge-roles.ts";
import { writeAction } from "../../chat-text.ts";
import { ROLE_OF_TROVO } from "./chat-user.ts";

type Said = DataOf<"chat.message">;

/**
 * A chat message in the words of its platform. Astro knows those of four; what was said anywhere
 * else comes in Twitch's, with the platform beside them. What was for one person only is not told.
 */
export function makeChat(event: StreamEvent): object | null {
  const said = event.data as Said;
  if (said.message.deleted === true || said.message.to !== undefined) return null;
  const id = chooseMessageId(event, said.message);
  const at = event.time ?? event.recordedtime;
  switch (event.platform) {
    case "twitch":
      return makeTwitch(said, id, true);
    case "youtube":
      return makeYouTube(said, id, at);
    case "kick":
      return kick(said, id, at);
    case "trovo":
      return makeTrovo(said, id, at);
    default:
      return { ...makeTwitch(said, id, false), provider: event.platform };
  }
}

/** Each role's badge, for people whose own badges do not say it. */
const BADGE_OF = [
  ["broadcaster", "broadcaster"],
  ["moderator", "moderator"],
  ["vip", "vip"],
  ["subscriber", "subscriber"],
  ["staff", "staff"],
  ["verified", "partner"],
  ["bot", "bot-badge"],
] as const;

function listUnworn(user: User): readonly string[] {
  const shown = user.badges.map(({ set }) => ROLE_OF_BADGE.get(set));
  return BADGE_OF.filter(([role]) => is(user, role) && !shown.includes(role)).map(([, set]) => set);
}

/** `isOwn`: its emotes are Twitch's, and can be found by their ids. */
function makeTwitch({ user, message, source }: Said, id: string, isOwn: boolean): object {
  const { login, name, color = "" } = user;
  const owner = is(user, "broadcaster")
    ? { id: readToldId(user), login: login ?? name, name }
    : { id: "", login: "", name: "" };
  const worn = user.badges.map(({ set, id: version = "", info = "" }) => ({
    set_id: set,
    id: version,
    info,
  }));
  return {
    broadcaster_user_id: owner.id,
    broadcaster_user_login: owner.login,
    broadcaster_user_name: owner.name,
    ...makeSource(source),
    chatter_user_id: readToldId(user) || "0",
    chatter_user_login: login ?? name,
    chatter_user_name: name,
    message_id: id,
    color,
    message: {
      text: message.action ? writeAction(message.text) : message.text,
      fragments: message.fragments.map((each) => makeTwitchFragment(each, isOwn)),
    },
    cheer: null,
    badges: [...worn, ...listUnworn(user).map((set) => ({ set_id: set, id: "1", info: "" }))],
    message_type: message.highlighted
      ? "channel_points_highlighted"
      : message.first
        ? "user_intro"
        : "text",
    reply: message.replyTo === undefined ? null : { parent_message_id: message.replyTo },
    channel_points_custom_reward_id: null,
  };
}

/** The channel of a shared chat that it was written in. What nobody shares comes from nowhere. */
function makeSource(source: Said["source"]): object {
  const { id = "", login, name } = source ?? {};
  return omitUndefined({
    source_broadcaster_user_id: id,
    source_broadcaster_user_login: login,
    source_broadcaster_user_name: name,
  });
}

function makeTwitchFragment({ type, text, id }: Fragment, isOwn: boolean): object {
  const nothing = { cheermote: null, emote: null, mention: null };
  if (type === "emote" && isOwn && id !== undefined) {
    const emote = { id, emote_set_id: "", owner_id: "", format: ["static"] };
    return { type, text, ...nothing, emote };
  }
  if (type === "mention") {
    const name = text.replace(/^@/, "");
    const mention = { user_id: "", user_login: name.toLowerCase(), user_name: name };
    return { type, text, ...nothing, mention };
  }
  const [, prefix, bits] = /^(\D+)(\d{1,9})$/.exec(text) ?? [];
  if (type === "cheermote" && prefix !== undefined && bits !== undefined) {
    return { type, text, ...nothing, cheermote: { prefix, bits: Number(bits), tier: 1 } };
  }
  return { type: "text", text, ...nothing };
}

function makeYouTube({ user, message }: Said, id: string, at: string): object {
  const channel = readToldId(user);
  const { name, avatar = "" } = user;
  const url =
    user.url ?? `http://www.youtube.com/channel/${encodeURIComponent(channel.toWellFormed())}`;
  return {
    authorDetails: {
      channelId: channel === "" ? "0" : channel,
      channelUrl: url,
      displayName: name,
      isChatModerator: is(user, "moderator"),
      isVerified: is(user, "verified"),
      isChatOwner: is(user, "broadcaster"),
      isChatSponsor: is(user, "subscriber"),
      profileImageUrl: avatar,
    },
    etag: "",
    id,
    kind: "youtube#liveChatMessage",
    snippet: {
      authorChannelId: channel,
      displayMessage: message.text,
      hasDisplayContent: true,
      liveChatId: "",
      publishedAt: at,
      textMessageDetails: { messageText: message.text },
      type: "textMessageEvent",
    },
  };
}

function kick({ user, message }: Said, id: string, at: string): object {
  const sender = {
    user_id: toNumber(readToldId(user)),
    username: user.name,
    is_verified: is(user, "verified"),
    profile_picture: user.avatar ?? "",
    channel_id: 0,
    channel_slug: user.login ?? user.name,
  };
  const nobody = { user_id: 0, username: "", is_verified: false, profile_picture: "" };
  const worn = user.badges.map(({ set, title, info }) =>
    omitUndefined({ text: title ?? set, type: set, count: countIn(info) }),
  );
  // Whoever is verified is said to be so in a field of its own.
  const others = listUnworn(user).filter((set) => set !== "partner");
  return omitUndefined({
    message_id: id,
    broadcaster: is(user, "broadcaster") ? sender : { ...nobody, channel_id: 0, channel_slug: "" },
    sender: {
      ...sender,
      identity: {
        username_color: user.color ?? "",
        badges: [...worn, ...others.map((set) => ({ text: set, type: set }))],
      },
    },
    content: message.text,
    emotes: null,
    created_at: at,
    replies_to: message.replyTo === undefined ? undefined : { message_id: message.replyTo },
  });
}

const TROVO_ROLE_OF = [
  ["broadcaster", "streamer"],
  ["moderator", "mod"],
  ["vip", "vip"],
  ["subscriber", "subscriber"],
  ["follower", "follower"],
  ["staff", "admin"],
] as const;

function makeTrovo({ user, message }: Said, id: string, at: string): object {
  const emotes = message.fragments.flatMap(({ type, id: emote }) =>
    type === "emote" && emote !== undefined ? [{ id: emote, format: 3 }] : [],
  );
  const worn = user.badges.map(({ set }) => set);
  const shown = worn.map((word) => ROLE_OF_TROVO.get(word.toLowerCase()));
  const others = TROVO_ROLE_OF.filter(([role]) => is(user, role) && !shown.includes(role));
  return {
    id,
    channel_id: is(user, "broadcaster") ? readToldId(user) : "",
    type: 0,
    created_at: at,
    data: {
      avatar: user.avatar ?? "",
      roles: [...worn, ...others.map(([, word]) => word)],
      emotes,
      display_name: user.name,
      username: user.login ?? user.name,
      sender_id: readToldId(user) || "0",
      text: message.text,
    },
  };
}

function is({ roles }: User, role: Role): boolean {
  return roles.includes(role);
}

/** Kick's ids are numbers; one that is none stays as it is. */
function toNumber(id: string): string | number {
  return /^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id === "" ? 0 : id;
}

function countIn(info: string | undefined): number | undefined {
  return info !== undefined && /^\d{1,9}$/.test(info) ? Number(info) : undefined;
}
