import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";

/** What a crowd of sockets has heard since it was last asked. */
export interface Heard {
  readonly delivered: number;
  readonly frames: number;
  readonly breaks: number;
  readonly gaps: number;
  readonly closed: number;
  readonly delays: readonly number[];
}

/** Sockets in a process of their own. */
export interface Crowd {
  /** How long it took to open them all, from the first dial to the last greeting. */
  readonly openedInMs: number;
  heard(): Promise<Heard>;
  leave(): void;
}

/**
 * Opens so many sockets at one address, or at several in turn. `bare`: nothing greets them. `apart`:
 * each comes from an address of its own.
 */
export async function gather(
  url: string | readonly string[],
  count: number,
  ...ways: readonly ("bare" | "apart")[]
): Promise<Crowd> {
  const child = fork(join(import.meta.dirname, "listeners.ts"), [
    [url].flat().join(" "),
    String(count),
    ...ways,
  ]);
  const { openedInMs } = (await next(child)) as Pick<Crowd, "openedInMs">;
  return {
    openedInMs,
    async heard() {
      const answer = next(child);
      child.send("report");
      return (await answer) as Heard;
    },
    leave: () => void child.kill(),
  };
}

function next(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const left = (code: number | null): void => reject(new Error(`the crowd left (${code})`));
    child.once("exit", left);
    child.once("message", (message) => {
      child.off("exit", left);
      resolve(message);
    });
  });
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** What was heard, once nothing more comes. */
export async function settled(crowd: Pick<Crowd, "heard">): Promise<Heard> {
  let whole = await crowd.heard();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const more = await crowd.heard();
    if (more.frames === 0) return whole;
    whole = together(whole, more);
  }
}

/** Two reports as one. */
export function together(one: Heard, other: Heard): Heard {
  return {
    delivered: one.delivered + other.delivered,
    frames: one.frames + other.frames,
    breaks: one.breaks + other.breaks,
    gaps: one.gaps + other.gaps,
    closed: one.closed + other.closed,
    delays: [...one.delays, ...other.delays],
  };
}
