import type { Person, User } from "./shapes.ts";

/*
 * Somebody whom nobody has named: a provider tells what he did, and not who he is. He has an id like
 * everybody, so that no provider's event has an empty one; all of a platform's have the same. It is
 * nobody's: no order reaches anybody by it.
 */

const NOBODY_ID = "anonymous";

/** Twitch's own accounts, by which it and whoever passes it on tell of who gives without a name. */
export const GIFTER = { id: "274598607", login: "ananonymousgifter", name: "AnAnonymousGifter" };
export const CHEERER = { id: "407665396", login: "ananonymouscheerer", name: "AnAnonymousCheerer" };

const STAND_INS: readonly unknown[] = [GIFTER, CHEERER].flatMap(({ id, login }) => [id, login]);

/** Does an account only stand for somebody who is not named? By its id or any of its names. */
export function isStandIn(
  platform: string,
  ...names: readonly (string | null | undefined)[]
): boolean {
  return platform === "twitch" && names.some((name) => STAND_INS.includes(name?.toLowerCase()));
}

/** The account that stands for somebody by that name, where one does: nobody has another's name. */
export function findStandIn({ name }: Pick<Person, "name">): typeof GIFTER | undefined {
  return [GIFTER, CHEERER].find((each) => each.name === name);
}

/** Identifies somebody by the id that was told, or, where none that is somebody's was, as nobody. */
export function identify(
  platform: string,
  id: string | undefined,
): Pick<User, "key" | "id" | "anonymous"> {
  const told = id === undefined || id === "" || isStandIn(platform, id) ? NOBODY_ID : id;
  return { key: `${platform}:${told}`, id: told, anonymous: told !== id };
}

/** Is it nobody, identified as such? */
export function isNobody({ id, anonymous }: { id?: unknown; anonymous?: unknown }): boolean {
  return anonymous === true && id === NOBODY_ID;
}

/** The id as it was told: empty for nobody. */
export function readToldId(user: Pick<User, "id" | "anonymous">): string {
  return isNobody(user) ? "" : user.id;
}
