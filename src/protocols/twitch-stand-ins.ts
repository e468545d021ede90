import type { Person } from "../event/shapes.ts";

/** Twitch's own accounts, by which it tells of whoever gives without a name. */
export const GIFTER = { id: "274598607", login: "ananonymousgifter", name: "AnAnonymousGifter" };
export const CHEERER = { id: "407665396", login: "ananonymouscheerer", name: "AnAnonymousCheerer" };

const NAMES: readonly string[] = [GIFTER, CHEERER].flatMap(({ id, login }) => [id, login]);

/** Does an account of Twitch's only stand for somebody who is not named? By any of its names. */
export function isStandIn(...names: readonly (string | number | null | undefined)[]): boolean {
  return names.some((name) => name != null && NAMES.includes(String(name).toLowerCase()));
}

/** The account that stands for somebody, where one does: nobody has another's name. */
export function findStandIn({ name }: Person): typeof GIFTER | undefined {
  return [GIFTER, CHEERER].find((each) => each.name === name);
}
