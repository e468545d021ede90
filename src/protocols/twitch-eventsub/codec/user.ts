import { identify, isStandIn } from "../../../event/nobody.ts";
import type { Badge, Person, Role, User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { ROLE_OF_BADGE } from "../../badge-roles.ts";
import { isSet, readList, readText, type Fields } from "../wire/fields.ts";
import { PLATFORM } from "./envelope.ts";

/** Reads somebody by three fields that begin alike: `user`, `chatter_user`, `from_broadcaster_user`. */
export function readUser(event: Fields, prefix = "user"): User {
  const isUnnamed = isAnonymous(event, prefix);
  const id = isUnnamed ? undefined : readText(event, `${prefix}_id`);
  const { login, name } = isUnnamed ? {} : readNames(event, prefix);
  const badges = readBadges(event);
  const isOwner = id !== undefined && id === readText(event, "broadcaster_user_id");
  const own: Role[] = isOwner ? ["broadcaster"] : [];
  const roles = badges.flatMap(({ set }) => ROLE_OF_BADGE.get(set) ?? []);
  return omitUndefined({
    ...identify(PLATFORM, id),
    login,
    name: name ?? login ?? "Anonymous",
    color: isUnnamed ? undefined : readText(event, "color"),
    roles: [...new Set([...own, ...roles])],
    badges,
  });
}

/** The same without what is said of the author of a message. */
export function readNamed(event: Fields, prefix = "user"): User {
  const { color: _, ...named } = readUser({ ...event, badges: [] }, prefix);
  return { ...named, roles: [] };
}

/** Reads somebody who did it, or to whom it was done; undefined for nobody. */
export function readPerson(event: Fields, prefix: string): Person | undefined {
  const id = readText(event, `${prefix}_id`);
  if (isStandIn(PLATFORM, id, readText(event, `${prefix}_login`))) return undefined;
  const key = id === undefined ? undefined : `${PLATFORM}:${id}`;
  const person = omitUndefined({ key, id, ...readNames(event, prefix) });
  return Object.keys(person).length === 0 ? undefined : person;
}

/** The moderator who did it. */
export function readModerator(event: Fields): Person | undefined {
  return readPerson(event, "moderator_user");
}

/** The channel that something was said in, where several share a chat and it is another one. */
export function readSource(event: Fields): Person | undefined {
  const id = readText(event, "source_broadcaster_user_id");
  const isOwn = id === undefined || id === readText(event, "broadcaster_user_id");
  return isOwn ? undefined : readPerson(event, "source_broadcaster_user");
}

/** Does the event tell of something without saying who did it? */
export function isAnonymous(event: Fields, prefix = "user"): boolean {
  const id = readText(event, `${prefix}_id`);
  return (
    id === undefined ||
    isStandIn(PLATFORM, id, readText(event, `${prefix}_login`)) ||
    isSet(event, "is_anonymous") ||
    isSet(event, "chatter_is_anonymous")
  );
}

const LOGIN = /^[a-z0-9_]+$/;

/** Login and name, which old samples have exchanged: a login has small letters only. */
function readNames(event: Fields, prefix: string): { login?: string; name?: string } {
  const login = readText(event, `${prefix}_login`);
  const name = readText(event, `${prefix}_name`)?.trim();
  const isExchanged =
    login !== undefined && name !== undefined && !LOGIN.test(login) && LOGIN.test(name);
  const [first, second] = isExchanged ? [name, login] : [login, name];
  return omitUndefined({
    login: first?.toLowerCase(),
    name: second === "" ? undefined : second,
  });
}

function readBadges(event: Fields): Badge[] {
  return readList(event, "badges").flatMap((badge): Badge[] => {
    const set = readText(badge, "set_id");
    if (set === undefined) return [];
    return [omitUndefined({ set, id: readText(badge, "id"), info: readText(badge, "info") })];
  });
}
