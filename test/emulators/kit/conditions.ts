import { BadInput } from "./bad-input.ts";

/** What can be waited for: a count, or that there is nothing left to do. */
export type Condition = "idle" | `${string}${">=" | "=="}${number}`;

export interface Situation {
  readonly counts: Readonly<Record<string, number>>;
  readonly isIdle: boolean;
}

type Test = (situation: Situation) => boolean;

/** Thrown when a condition was not met in time; the message tells what the counts were. */
export class UnmetCondition extends Error {
  override readonly name = "UnmetCondition";
}

interface Wait {
  readonly test: Test;
  readonly resolve: () => void;
}

/**
 * That buffers have drained is told by no event, so while somebody waits it is looked at this often.
 * Everything else is noticed at once.
 */
const lookEveryMs = 5;

/** The conditions somebody is waiting for. They outlive a reset: the new life may meet them. */
export class Waits {
  readonly #situation: () => Situation;
  readonly #waiting = new Set<Wait>();
  #looking: NodeJS.Timeout | undefined;

  constructor(situation: () => Situation) {
    this.#situation = situation;
  }

  /** To be called whenever a count may have changed; costs nothing when nobody waits. */
  look(): void {
    if (this.#waiting.size === 0) {
      return;
    }
    const situation = this.#situation();
    for (const wait of this.#waiting) {
      if (wait.test(situation)) {
        this.#end(wait);
        wait.resolve();
      }
    }
  }

  async until(condition: string, signal: AbortSignal): Promise<void> {
    const test = readCondition(condition, Object.keys(this.#situation().counts));
    signal.throwIfAborted();
    if (test(this.#situation())) {
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        this.#end(wait);
        reject(signal.reason as Error);
      };
      const wait: Wait = {
        test,
        resolve: () => {
          signal.removeEventListener("abort", giveUp);
          resolve();
        },
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.add(wait);
      this.#looking ??= setInterval(() => this.look(), lookEveryMs);
    });
  }

  /** The same, with an end: rejects with `UnmetCondition` when the time is up. */
  async within(condition: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      await this.until(condition, AbortSignal.any([signal, timeout]));
    } catch (error) {
      if (!timeout.aborted || signal.aborted) {
        throw error;
      }
      const { counts, isIdle } = this.#situation();
      const found = JSON.stringify({ ...counts, idle: isIdle });
      throw new UnmetCondition(`"${condition}" was not met within ${timeoutMs} ms: ${found}`);
    }
  }

  #end(wait: Wait): void {
    this.#waiting.delete(wait);
    if (this.#waiting.size === 0) {
      clearInterval(this.#looking);
      this.#looking = undefined;
    }
  }
}

function readCondition(condition: string, names: readonly string[]): Test {
  if (condition === "idle") {
    return ({ isIdle }) => isIdle;
  }
  const [, name = "", operator, number] = /^([a-zA-Z]+)(>=|==)(\d+)$/.exec(condition) ?? [];
  if (!names.includes(name)) {
    throw new BadInput(
      `"${condition}" is no condition: say idle, or <count>>=N or <count>==N, where <count> is one of ${names.join(", ")}`,
    );
  }
  const wanted = Number(number);
  return operator === "=="
    ? ({ counts }) => counts[name] === wanted
    : ({ counts }) => (counts[name] ?? 0) >= wanted;
}
