import { z } from "zod";

import { type Chatter, chatters, streamer } from "../kit/cast.ts";
import type { Chance } from "../kit/chance.ts";

/** What an action may say about who sent an item; the rest is filled in. */
export const SenderPatch = z.strictObject({
  username: z.string().optional(),
  displayname: z.string().optional(),
  avatar: z.string().nullable().optional(),
  partnerStatus: z.string().optional(),
  badges: z.array(z.unknown()).optional(),
  effect: z.string().nullable().optional(),
});
export type SenderPatch = z.infer<typeof SenderPatch>;

/** `username` never changes and is what the protocol means by a streamer; `displayname` is what is shown. */
export const streamerName = streamer.name.toLowerCase();

export const roles = ["None", "Staff", "Bot"] as const;
export const roomRoles = ["Member", "Moderator", "Owner"] as const;

/** The four fields of every item that somebody sent. */
export function senderFields(chance: Chance, patch: SenderPatch = {}): Record<string, unknown> {
  const { username, displayname = username } = patch;
  const chatter =
    displayname === undefined
      ? chance.pick(chatters)
      : ([streamer, ...chatters].find(({ name }) => name === displayname) ?? stranger(displayname));
  return {
    sender: { ...userOf(chatter, chance), ...patch, ...idFor(username) },
    role: "None",
    roomRole: roomRoleOf(chatter),
    subscribing: chatter.subscribedMonths > 0,
  };
}

export function userOf({ name }: Chatter, chance: Chance): Record<string, unknown> {
  const username = name.toLowerCase();
  return {
    __typename: "StreamchatUser",
    id: `streamchatuser:${username}`,
    username,
    displayname: name,
    avatar: `https://images.example/dlive/avatar/default${chance.integer(1, 24)}.png`,
    partnerStatus: name === streamer.name ? "VERIFIED_PARTNER" : "NONE",
    badges: [],
    effect: null,
  };
}

function stranger(name: string): Chatter {
  return { name, color: "#808080", isModerator: false, subscribedMonths: 0 };
}

function idFor(username: string | undefined): { id?: string } {
  return username === undefined ? {} : { id: `streamchatuser:${username}` };
}

function roomRoleOf({ name, isModerator }: Chatter): (typeof roomRoles)[number] {
  if (name === streamer.name) {
    return "Owner";
  }
  return isModerator ? "Moderator" : "Member";
}
