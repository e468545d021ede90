import { GIFTER } from "../../../event/nobody.ts";
import type { Person, Role, User } from "../../../event/shapes.ts";
import { computeFingerprint } from "../../../lib/fingerprint.ts";
import { omitUndefined } from "../../../lib/given.ts";
import { formatBadges, type BadgeEntry } from "../wire/lists.ts";
import { PLATFORM } from "./fields.ts";
import { cutText } from "./from-parts.ts";

/** The account that Twitch names where a giver wants no name. */
export const NOBODY: Person = { ...GIFTER, name: "Anonymous" };

const LOGIN = /^[a-z0-9_]{1,25}$/;
const LOGIN_MAX = 25;
const HASH_LENGTH = 8;
const NAME_MAX = 100;

/**
 * The name that programs know somebody by. Those of Twitch have their own. All others have one that
 * begins with `_` and their platform, which no login of Twitch does: no two people have the same.
 */
export function toLogin(person: Person, platform: string): string {
  const { key, id, login, name } = person;
  const own = login?.toLowerCase() ?? "";
  if (platform === PLATFORM && LOGIN.test(own) && !own.startsWith("_")) return own;
  const prefix = `_${toWord(platform).slice(0, 10)}_`;
  const whole = prefix + own;
  // Two underscores stand before what tells apart those whose names are not told in full.
  if (own !== "" && LOGIN.test(whole) && !own.includes("__")) return whole;
  const mark = computeFingerprint(key ?? id ?? login ?? name ?? "").replace(".", "");
  const word = toWord(login ?? name ?? "").slice(0, LOGIN_MAX - prefix.length - HASH_LENGTH - 2);
  return `${prefix}${word}__${mark.slice(0, HASH_LENGTH)}`;
}

function toWord(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

/** Somebody's id: Twitch's own, and for all others the key, which no account of Twitch has. */
export function toUserId({ key, id = "" }: Person, platform: string): string {
  return platform === PLATFORM ? id : (key ?? `${platform}:${id}`);
}

export function toName({ name, login }: Person): string {
  return cutText(name ?? login ?? "Anonymous", NAME_MAX);
}

const BADGE_OF_ROLE: readonly (readonly [role: Role, set: string])[] = [
  ["broadcaster", "broadcaster"],
  ["moderator", "moderator"],
  ["vip", "vip"],
  ["subscriber", "subscriber"],
  ["staff", "staff"],
  ["verified", "partner"],
  ["bot", "bot-badge"],
];

/** The tags of whoever a line is of. */
export function makeUserTags(user: User, platform: string): Record<string, string> {
  const { roles, color } = user;
  const has = (role: Role): string => (roles.includes(role) ? "1" : "0");
  const badges = user.badges.filter(({ set, id = "1" }) => isPlain(set) && isPlain(id));
  const own = platform === PLATFORM ? badges : [];
  const info = own.flatMap(({ set, info: version }): BadgeEntry[] =>
    version === undefined ? [] : [{ set, version: version.replaceAll(",", "⸝") }],
  );
  return omitUndefined({
    "badge-info": formatBadges(info),
    badges: formatBadges([
      ...own.map(({ set, id }) => ({ set, version: id ?? "1" })),
      ...listRoleBadges(user, own),
      ...(platform === PLATFORM ? [] : [{ set: toWord(platform), version: "1" }]),
    ]),
    color: color !== undefined && /^#[0-9a-f]{6}$/i.test(color) ? color : "",
    "display-name": toName(user),
    mod: has("moderator"),
    subscriber: has("subscriber"),
    turbo: "0",
    "user-id": toUserId(user, platform),
    "user-type": roles.includes("moderator") ? "mod" : "",
    vip: roles.includes("vip") ? "1" : undefined,
  });
}

/** The badges of Twitch's that stand for somebody's roles, where no badge does so already. */
function listRoleBadges({ roles }: User, own: readonly { set: string }[]): BadgeEntry[] {
  return BADGE_OF_ROLE.filter(
    ([role, set]) => roles.includes(role) && !own.some((each) => isSame(each.set, set)),
  ).map(([, set]) => ({ set, version: "1" }));
}

function isSame(told: string, set: string): boolean {
  return told === set || (set === "subscriber" && told === "founder");
}

function isPlain(word: string): boolean {
  return /^[^,/]{1,60}$/.test(word);
}
