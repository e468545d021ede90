import { identify, isStandIn } from "../../../event/nobody.ts";
import type { Badge, Person, Role, User } from "../../../event/shapes.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { ROLE_OF_BADGE } from "../../badge-roles.ts";
import type { Line } from "../wire/line.ts";
import { parseBadges } from "../wire/lists.ts";
import { isSet, PLATFORM, readTag } from "./fields.ts";

/** Reads who a line is of. `given`: what else of them the line says. */
export function readAuthor(line: Line, given: Partial<Pick<User, "avatar">> = {}): User {
  const badges = readBadges(line);
  const isUnnamed = isAnonymous(line);
  const login = readLogin(line);
  return omitUndefined({
    ...identify(PLATFORM, isUnnamed ? undefined : readTag(line, "user-id")),
    login: isUnnamed ? undefined : login,
    name: readName(line, "display-name", "msg-param-displayName") ?? login ?? "Anonymous",
    ...given,
    color: readTag(line, "color"),
    roles: readRoles(line, badges),
    badges,
  });
}

/** Does the line tell of something without saying who did it? */
export function isAnonymous(line: Line): boolean {
  const kind = readTag(line, "msg-id") ?? "";
  return (
    isStandIn(PLATFORM, readTag(line, "user-id"), readLogin(line)) ||
    kind === "anonsubgift" ||
    kind === "anonsubmysterygift" ||
    parseBadges(readTag(line, "badges") ?? "").some(({ set }) => set === "anonymous-cheerer")
  );
}

/** Reads somebody else whom a line names, by the tags of id, login and name; null for nobody. */
export function readPerson(
  line: Line,
  id: readonly string[],
  login: readonly string[],
  name: readonly string[],
): Person | null {
  const known = readTag(line, ...id);
  const goesBy = readTag(line, ...login);
  if (isStandIn(PLATFORM, known, goesBy)) return null;
  const person = omitUndefined({
    key: known === undefined ? undefined : `${PLATFORM}:${known}`,
    id: known,
    login: goesBy,
    name: readName(line, ...name),
  });
  return Object.keys(person).length === 0 ? null : person;
}

/** Somebody of whom the login is known, and perhaps the id. */
export function makeUser(id: string | undefined, login: string | undefined): User {
  return omitUndefined({
    ...identify(PLATFORM, id),
    login: login === "" ? undefined : login,
    name: login || "Anonymous",
    roles: [],
    badges: [],
  });
}

/** A name without the space that some end in. */
function readName(line: Line, ...tags: readonly string[]): string | undefined {
  const name = readTag(line, ...tags)?.trim();
  return name === "" ? undefined : name;
}

/** The login of the one whom the line is of, or comes from; a server has none. */
function readLogin(line: Line): string | undefined {
  const [, nick] = /^([^!]+)!/.exec(line.prefix ?? "") ?? [];
  return readTag(line, "login", "msg-param-login") ?? nick;
}

function readBadges(line: Line): Badge[] {
  const exact = parseBadges(readTag(line, "badge-info") ?? "");
  return parseBadges(readTag(line, "badges") ?? "").map(({ set, version }) => {
    // What would divide the list is written by another comma.
    const info = exact.find((each) => each.set === set)?.version.replaceAll("⸝", ",");
    return omitUndefined({ set, id: version === "" ? undefined : version, info });
  });
}

function readRoles(line: Line, badges: readonly Badge[]): Role[] {
  const roles = badges.flatMap(({ set }) => ROLE_OF_BADGE.get(set) ?? []);
  if (isSet(line, "mod")) roles.push("moderator");
  if (isSet(line, "subscriber")) roles.push("subscriber");
  if (isSet(line, "vip")) roles.push("vip");
  return [...new Set(roles)];
}
