import type { Chance } from "./chance.ts";
import type { Condition } from "./conditions.ts";

/** Something an emulator plays by itself. */
export interface Script<Action> {
  /** One line for a list. */
  readonly summary: string;
  /** A list, or a generator, which may be endless. The same chance gives the same steps. */
  readonly steps: (chance: Chance) => Iterable<Step<Action>>;
}

/** First the condition is waited for, then the time, and then it is done. */
export interface Step<Action> {
  readonly until?: Condition;
  readonly afterMs?: number;
  /** Done with the step before, or with the start: nobody can dial in between. */
  readonly atOnce?: true;
  readonly do?: Action;
}

/** The side of an emulator that a script acts on. */
export interface Player<Action> {
  until(condition: Condition): Promise<void>;
  pause(ms: number): Promise<void>;
  perform(action: Action): Promise<unknown>;
}

/** Plays to the end, or until the player refuses to go on. */
export async function play<Action>(
  steps: Iterable<Step<Action>>,
  player: Player<Action>,
): Promise<void> {
  for (const step of steps) {
    if (step.until !== undefined) {
      await player.until(step.until);
    }
    // Even a step without a delay lets the rest of the process have its turn.
    if (step.atOnce !== true) {
      await player.pause(step.afterMs ?? 0);
    }
    if (step.do !== undefined) {
      await player.perform(step.do);
    }
  }
}
