import type { Person } from "../event/shapes.ts";

/** Twitch's own accounts, as which it serves whoever gives without a name. */
export const GIFTER = { id: "274598607", login: "ananonymousgifter", name: "AnAnonymousGifter" };
export const CHEERER = { id: "407665396", login: "ananonymouscheerer", name: "AnAnonymousCheerer" };

/** The account that stands for somebody, where one does: nobody has another's name. */
export function findStandIn({ name }: Person): typeof GIFTER | undefined {
  return [GIFTER, CHEERER].find((each) => each.name === name);
}
