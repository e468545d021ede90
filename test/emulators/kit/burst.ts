import type { Outcome } from "./outcome.ts";
import type { Stage } from "./stage.ts";
import type { Utterance } from "./utterance.ts";

/** Short enough for an even flow, long enough that a thousand small writes become one. */
const sliceMs = 5;
const mostInSlice = 1_000;
/** A reader this far behind is waited for: the emulator's memory is not its buffer. */
const highWaterBytes = 1024 * 1024;

interface Pace {
  readonly count: number;
  readonly perSecond?: number | undefined;
}

/** Says `count` items, numbered from 1, paced or as fast as the readers take them. */
export async function burst(
  stage: Stage,
  { count, perSecond }: Pace,
  item: (number: number) => Utterance,
  signal: AbortSignal,
): Promise<Outcome> {
  const startedAtMs = performance.now();
  let sent = 0;
  while (sent < count) {
    await stage.drained(highWaterBytes, signal);
    const elapsedMs = performance.now() - startedAtMs;
    const due = perSecond === undefined ? count : Math.ceil((elapsedMs * perSecond) / 1000);
    const upTo = Math.min(due, count, sent + mostInSlice);
    const next = sent + 1;
    stage.together(() => {
      for (let number = next; number <= upTo; number += 1) {
        stage.say(item(number));
      }
    });
    sent = upTo;
    await stage.pause(perSecond === undefined || sent < due ? 0 : sliceMs, signal);
  }
  await stage.drained(0, signal);
  return { count, elapsedMs: Math.round(performance.now() - startedAtMs) };
}
