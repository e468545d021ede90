import { Platform } from "../../../event/ids.ts";
import { identify, isStandIn } from "../../../event/nobody.ts";
import type { Person, User } from "../../../event/shapes.ts";
import { findFirst, omitUndefined } from "../../../lib/given.ts";

/** The platform of what happens on StreamElements itself. */
export const HOME = "streamelements";

/** A provider's word for a platform, as ours. */
export function toPlatform(word: string | null | undefined): string {
  return Platform.safeParse(word?.toLowerCase()).data ?? HOME;
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
