import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isAlive, killNow, markOf, type ProcessMark } from "./processes.ts";

/** One relay on one data directory: two runtimes would write to the same database files. */
export interface Lock {
  /** Notes processes that must not outlive this one, and has them watched. */
  note(children: readonly ProcessMark[]): void;
  release(): void;
}

interface Holder extends ProcessMark {
  readonly children: readonly ProcessMark[];
}

/**
 * Takes the lock, or ends the process with a line that says who holds it. A holder that was killed
 * holds nothing any more; what it left running is ended first.
 */
export function takeLock(data: string): Lock {
  const file = join(data, "lock");
  const me = markOf(process.pid);
  if (me === null) throw new Error("this process cannot be found in the process list");
  const write = (children: readonly ProcessMark[], flag: "wx" | "w"): void => {
    writeFileSync(file, JSON.stringify({ ...me, children } satisfies Holder), { flag });
  };
  for (;;) {
    try {
      write([], "wx");
      break;
    } catch (error) {
      if (!isTaken(error)) throw error;
      // Its owner may be gone: then it is taken over, else that is said.
      clearAway(file, data);
    }
  }
  return {
    note(children) {
      write(children, "w");
      watch(children);
    },
    release: () => rmSync(file, { force: true }),
  };
}

function clearAway(file: string, data: string): void {
  const holder = read(file);
  if (holder !== null && isAlive(holder)) {
    console.error(`A relay is already running on ${data} (process ${holder.pid}).`);
    process.exit(1);
  }
  for (const child of holder?.children ?? []) killNow(child);
  rmSync(file, { force: true });
}

function read(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    // Gone in the meantime, or cut off half-written: in both cases nobody's.
    return null;
  }
}

/**
 * A killed process cannot clean up after itself: a helper waits for this one to end, however it
 * does, and ends what it left.
 */
function watch(children: readonly ProcessMark[]): void {
  const helper = spawn(
    process.execPath,
    [join(import.meta.dirname, "reaper.ts"), JSON.stringify(children)],
    { stdio: ["pipe", "ignore", "ignore"], detached: true },
  );
  helper.unref();
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
