import { readToldId } from "../../../event/nobody.ts";
import type { Role, User } from "../../../event/shapes.ts";

/**
 * Somebody as the author of an event, in the fields that his platform's events have; where these
 * have no room for a name or an id, it goes beside them, as clients look for it in all of them.
 */
export function toAuthor(platform: string, user: User | undefined): object {
  if (user === undefined) return { id: "", name: "", displayName: "Anonymous" };
  const id = readToldId(user);
  const { name, login, avatar = null, color = null } = user;
  const is = (role: Role): boolean => user.roles.includes(role);
  const badges = user.badges.map(({ set, title, image }) => ({
    title: title ?? set,
    imageUrl: image ?? null,
    clickUrl: null,
  }));
  switch (platform) {
    case "youtube":
      return {
        id,
        avatar: avatar ?? "",
        displayName: name,
        isChatModerator: is("moderator"),
        isChatOwner: is("broadcaster"),
        isChatSponsor: is("subscriber"),
        isVerified: is("verified"),
      };
    case "facebook":
      return { id, name, picture: avatar };
    case "dlive":
      return {
        id,
        avatar: avatar ?? "",
        badges: user.badges.map(({ set }) => set),
        displayName: name,
        name,
        partnerStatus: "NONE",
        role: is("staff") ? "Staff" : is("bot") ? "Bot" : "None",
        roomRole: is("broadcaster") ? "Owner" : is("moderator") ? "Moderator" : "Member",
        subscribing: is("subscriber"),
        username: login ?? id,
      };
    case "discord":
      return {
        avatar,
        discriminator: "0",
        id,
        name: login ?? name,
        nickname: name,
        nicknameColor: color,
        roles: null,
      };
    case "linkedin":
      return { id, name, ...(avatar !== null && { avatarUrl: avatar }) };
    default:
      return {
        avatar,
        badges,
        color,
        displayName: name,
        id,
        name: login ?? name,
        username: login ?? name,
        subscribedFor: is("subscriber") ? 1 : null,
      };
  }
}
