import type { Badge, Person, Role, User } from "../../../event/shapes.ts";
import { findFirst } from "../../../lib/given.ts";
import { isRecord } from "../../../lib/json.ts";
import type { StreamItem } from "../wire/frames.ts";

/** Everything on DLive happens on DLive. */
export const PLATFORM = "dlive";

const PARTNERS = ["VERIFIED_PARTNER", "GLOBAL_PARTNER"];

/** Reads an item's user; null when it names nobody. The username is the id. */
export function toUser(item: StreamItem): User | null {
  const sender = item.sender;
  const username = findFirst(sender?.username, sender?.displayname);
  if (sender == null || username === undefined) return null;
  const name = findFirst(sender.displayname) ?? username;
  return {
    key: `${PLATFORM}:${username}`,
    id: username,
    login: username,
    name,
    ...(sender.avatar && { avatar: sender.avatar }),
    url: formatPageUrl(name),
    roles: toRoles(item),
    badges: (sender.badges ?? []).flatMap(toBadge),
    anonymous: false,
  };
}

/** A name's page. Half a surrogate pair, which no address can hold, is replaced. */
export function formatPageUrl(name: string): string {
  return `https://dlive.tv/${encodeURIComponent(name.toWellFormed())}`;
}

/** Somebody of whom an item tells only a little. */
export function toPerson(value: unknown): Person | undefined {
  const said = isRecord(value) ? value : { displayname: value };
  const id = toText(said["username"]) ?? readUsername(toText(said["id"]));
  const name = toText(said["displayname"]);
  if (id === undefined && name === undefined) return undefined;
  return {
    ...(id !== undefined && { key: `${PLATFORM}:${id}`, id, login: id }),
    ...(name !== undefined && { name }),
  };
}

/** The person that stands where nobody is known: it is told of where DLive always has somebody. */
export const NOBODY = { username: "anonymous", displayname: "Anonymous" };

export function isNobody({ id, name }: Person): boolean {
  return id === NOBODY.username && name === NOBODY.displayname;
}

/** DLive writes a user's id as `streamchatuser:<username>` or `user:<username>`. */
function readUsername(id: string | undefined): string | undefined {
  return id?.replace(/^[a-z]+:/, "");
}

function toRoles(item: StreamItem): Role[] {
  const roles: Role[] = [];
  if (item.roomRole === "Owner") roles.push("broadcaster");
  if (item.roomRole === "Moderator") roles.push("moderator");
  if (item.subscribing === true) roles.push("subscriber");
  if (item.role === "Staff") roles.push("staff");
  if (item.role === "Bot") roles.push("bot");
  if (PARTNERS.includes(item.sender?.partnerStatus ?? "")) roles.push("verified");
  return roles;
}

function toBadge(badge: unknown): Badge[] {
  const set = toText(isRecord(badge) ? badge["name"] : badge);
  return set === undefined ? [] : [{ set }];
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
