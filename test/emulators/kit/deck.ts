import type { Chance } from "./chance.ts";

/** Something that may come next, and how often it does, in proportion to the others. */
export interface Card<Play> {
  readonly weight: number;
  readonly play: Play;
}

export function draw<Play>(deck: readonly Card<Play>[], chance: Chance): Play {
  let left = chance.fraction() * deck.reduce((total, { weight }) => total + weight, 0);
  for (const { weight, play } of deck) {
    left -= weight;
    if (left < 0) {
      return play;
    }
  }
  return chance.pick(deck).play;
}
