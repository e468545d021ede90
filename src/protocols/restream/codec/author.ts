import { identify } from "../../../event/nobody.ts";
import type { Badge, Role, User } from "../../../event/shapes.ts";
import { findFirst } from "../../../lib/given.ts";
import { isRecord } from "../../../lib/json.ts";
import type { Author } from "../wire/frames.ts";

/** Reads an event's author. Sources name their authors in six ways; an unnamed one is anonymous. */
export function toUser(platform: string, author: Author | null | undefined, bot: boolean): User {
  const id = findFirst(author?.id, author?.username, author?.name, author?.displayName);
  const name = findFirst(author?.nickname, author?.displayName, author?.name, author?.username, id);
  const login = readLogin(platform, author);
  const avatar = findFirst(author?.avatar, author?.avatarUrl, author?.picture);
  const color = findFirst(author?.color, author?.nicknameColor);
  return {
    ...identify(platform, id),
    ...(login !== undefined && { login }),
    name: name ?? "Anonymous",
    ...(avatar !== undefined && { avatar }),
    ...(color !== undefined && { color }),
    roles: toRoles(author, bot),
    badges: (author?.badges ?? []).flatMap(toBadge),
  };
}

/** Only where the source has a name that is typed, beside the one that is shown. */
function readLogin(platform: string, author: Author | null | undefined): string | undefined {
  if (platform === "twitch" || platform === "discord") return findFirst(author?.name);
  return findFirst(author?.username);
}

function toRoles(author: Author | null | undefined, bot: boolean): Role[] {
  const badges = (author?.badges ?? []).flatMap(toBadge).map((badge) => badge.set);
  const is = (role: Role, claim: boolean): Role[] => (claim ? [role] : []);
  return [
    ...is(
      "broadcaster",
      author?.isChatOwner === true ||
        author?.roomRole === "Owner" ||
        badges.includes("broadcaster"),
    ),
    ...is(
      "moderator",
      author?.isChatModerator === true ||
        author?.roomRole === "Moderator" ||
        badges.includes("moderator"),
    ),
    ...is("vip", badges.includes("vip")),
    ...is(
      "subscriber",
      author?.isChatSponsor === true ||
        author?.subscribing === true ||
        (author?.subscribedFor ?? 0) > 0 ||
        badges.includes("subscriber"),
    ),
    ...is("staff", author?.role === "Staff"),
    ...is("verified", author?.isVerified === true || badges.includes("verified")),
    ...is("bot", bot || author?.role === "Bot"),
  ];
}

/** Restream gives a badge's title and picture; the set is the title in small letters. */
function toBadge(badge: unknown): Badge[] {
  if (typeof badge === "string") return badge === "" ? [] : [{ set: badge }];
  if (!isRecord(badge) || typeof badge["title"] !== "string" || badge["title"] === "") return [];
  const { title, imageUrl: image } = badge as { title: string; imageUrl?: unknown };
  return [
    {
      set: title.toLowerCase().replaceAll(" ", "-"),
      title,
      ...(typeof image === "string" && image !== "" && { image }),
    },
  ];
}
