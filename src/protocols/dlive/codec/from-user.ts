import { isNobody } from "../../../event/nobody.ts";
import type { Person, User } from "../../../event/shapes.ts";
import { NOBODY } from "./user.ts";

/** The name by which somebody is known for good: off DLive it begins with the platform's. */
function toUsername(key: string): string {
  return key.startsWith("dlive:") ? key.slice("dlive:".length) : key;
}

type Known = Pick<User, "key" | "name" | "avatar" | "roles" | "badges"> &
  Partial<Pick<User, "id" | "anonymous">>;

const ANONYMOUS: Known = {
  key: NOBODY.username,
  name: NOBODY.displayname,
  roles: [],
  badges: [],
};

/** Puts a user into the fields that all items by somebody have. A missing user is made up. */
export function toSender(user: Known = ANONYMOUS): {
  readonly sender: object;
  readonly role: string;
  readonly roomRole: string;
  readonly subscribing: boolean;
} {
  const { roles } = user;
  const username = isNobody(user) ? NOBODY.username : toUsername(user.key);
  return {
    sender: {
      __typename: "StreamchatUser",
      id: `streamchatuser:${username}`,
      username,
      displayname: user.name,
      avatar: user.avatar ?? null,
      partnerStatus: roles.includes("verified") ? "VERIFIED_PARTNER" : "NONE",
      badges: user.badges.map(({ set }) => set),
      effect: null,
    },
    role: roles.includes("staff") ? "Staff" : roles.includes("bot") ? "Bot" : "None",
    roomRole: roles.includes("broadcaster")
      ? "Owner"
      : roles.includes("moderator")
        ? "Moderator"
        : "Member",
    subscribing: roles.includes("subscriber"),
  };
}

/**
 * Puts a moderator into DLive's words; one whom nobody named is made up. The connection is named
 * after the channel's owner.
 */
export function makeBanner(
  by: Person | undefined,
  connectionId: string | undefined,
): { readonly bannedBy: object; readonly bannedByRoomRole: string } {
  const known = by === undefined ? undefined : toId(by);
  const username = known ?? NOBODY.username;
  return {
    bannedBy: {
      id: `streamchatuser:${username}`,
      displayname: by?.name ?? known ?? NOBODY.displayname,
    },
    bannedByRoomRole: `dlive:${username}` === connectionId ? "Owner" : "Moderator",
  };
}

/** Finds a user's display name; null for an unknown one. */
export function toDisplayName(person: Person | undefined): string | null {
  return person?.name ?? person?.login ?? person?.id ?? null;
}

function toId({ key, id, login, name }: Person): string | undefined {
  return key === undefined ? (id ?? login ?? name) : toUsername(key);
}
