import type { Badge, Role, User } from "../../../event/shapes.ts";
import { findFirst, omitUndefined } from "../../../lib/given.ts";
import { decode } from "../../../lib/json.ts";
import { ROLE_OF_BADGE } from "../../badge-roles.ts";
import {
  TwitchBadge,
  type TrovoMessage,
  type TwitchMessage,
  type YouTubeMessage,
} from "../wire/chat.ts";
import { readUser } from "./user.ts";

/** Trovo's roles, in our words. */
export const ROLE_OF_TROVO: ReadonlyMap<string, Role> = new Map([
  ["streamer", "broadcaster"],
  ["mod", "moderator"],
  ["supermod", "moderator"],
  ["editor", "moderator"],
  ["vip", "vip"],
  ["subscriber", "subscriber"],
  ["follower", "follower"],
  ["admin", "staff"],
  ["warden", "staff"],
]);

/** `platform`: Twitch, or whichever is told of in its words. */
export function readTwitchUser(said: TwitchMessage, platform: string): User {
  const badges = (said.badges ?? []).flatMap((each): Badge[] => {
    const decoded = decode(TwitchBadge, each);
    if (!decoded.ok) return [];
    const { set_id: set, id, info } = decoded.value;
    return [omitUndefined({ set, id: findFirst(id), info: findFirst(info) })];
  });
  const isOwner = said.chatter_user_id === said.broadcaster_user_id;
  return readUser(platform, said.chatter_user_id, {
    login: said.chatter_user_login ?? null,
    name: said.chatter_user_name ?? null,
    color: said.color ?? null,
    roles: [...is("broadcaster", isOwner), ...toRoles(badges)],
    badges,
  });
}

export function readYouTubeUser({ authorDetails: author }: YouTubeMessage): User {
  return readUser("youtube", author.channelId, {
    name: author.displayName ?? null,
    avatar: author.profileImageUrl ?? null,
    url: author.channelUrl ?? null,
    roles: [
      ...is("broadcaster", author.isChatOwner),
      ...is("moderator", author.isChatModerator),
      ...is("subscriber", author.isChatSponsor),
      ...is("verified", author.isVerified),
    ],
  });
}

export function readTrovoUser({ channel_id: channel, data }: TrovoMessage): User {
  const id = String(data.sender_id);
  const words = (data.roles ?? []).filter((each) => typeof each === "string");
  return readUser("trovo", id, {
    login: data.username ?? null,
    name: data.display_name ?? null,
    avatar: data.avatar ?? null,
    roles: [
      ...is("broadcaster", id === findFirst(channel)),
      ...words.flatMap((word) => ROLE_OF_TROVO.get(word.toLowerCase()) ?? []),
    ],
    badges: words.filter((word) => word !== "").map((set) => ({ set })),
  });
}

function toRoles(badges: readonly Badge[]): Role[] {
  return badges.flatMap(({ set }) => ROLE_OF_BADGE.get(set) ?? []);
}

function is(role: Role, claim: boolean | null | undefined): Role[] {
  return claim === true ? [role] : [];
}
