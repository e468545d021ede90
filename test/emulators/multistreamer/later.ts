import type { Stage } from "../kit/stage.ts";

/** Does it after a while, or at once where there is none to wait; never, if the stage is over by then. */
export function later(stage: Stage, ms: number, act: () => void): void {
  if (ms === 0) {
    act();
    return;
  }
  const giveUp = () => {};
  void stage.whileBusy(() => stage.pause(ms).then(act, giveUp));
}
