import { Platform } from "../../../event/ids.ts";
import { identify, isStandIn } from "../../../event/nobody.ts";
import { someText } from "../../../event/people.ts";
import type { Person, User } from "../../../event/shapes.ts";
import { findFirst, omitUndefined } from "../../../lib/given.ts";

/** The platform of what happens on StreamElements itself. */
export const HOME = "streamelements";

/** A provider's word for a platform, as ours. */
export function toPlatform(word: string | null | undefined): string {
  return Platform.safeParse(word?.toLowerCase()).data ?? HOME;
}

/**
 * The platform of somebody of whom an id is told and nothing of where: it may say so itself. YouTube's
 * begin with UC. Of the others' numbers, most are Twitch's.
 */
export function guessPlatform(id: string): string {
  const [named, ...own] = id.split(":");
  if (own.length > 0) return toPlatform(named);
  return /^UC[\w-]{22}$/.test(id) ? "youtube" : "twitch";
}

const ACCOUNT_FIELD = /^(?:user_?id|providerId)$/i;

/**
 * Finds the platform of the first account in data of any shape: there whoever forgets the person
 * looks for it. What names nobody's account is StreamElements' own.
 */
export function findAccountPlatform(data: unknown): string {
  let platform = HOME;
  someText(data, (text, field) => {
    if (text === "" || !ACCOUNT_FIELD.test(field)) return false;
    platform = guessPlatform(text);
    return true;
  });
  return platform;
}

/** Somebody of whom the provider says so much. What is empty or null was not said. */
export function readUser(
  platform: string,
  id: string,
  said: { readonly [K in "login" | "name" | "avatar" | "url" | "color"]?: string | null } & Partial<
    Pick<User, "roles" | "badges">
  >,
): User {
  return omitUndefined({
    ...identify(platform, id),
    login: findFirst(said.login),
    name: findFirst(said.name, said.login, id) ?? "Anonymous",
    avatar: findFirst(said.avatar),
    url: findFirst(said.url),
    color: findFirst(said.color),
    roles: [...new Set(said.roles)],
    badges: said.badges ?? [],
  });
}

/** The giver, of whom a name is told and nothing else; undefined for nobody. */
export function readGiver(
  platform: string,
  said: Parameters<typeof findFirst>[number],
): Person | undefined {
  const name = findFirst(said);
  return name === undefined || isStandIn(platform, name) ? undefined : { name };
}
