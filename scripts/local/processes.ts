import { spawnSync } from "node:child_process";

/** A process, told apart from a later one with the same id by when it began. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

/** A process that is there now, or null. One that has ended and was not noticed yet is not there. */
export function markOf(pid: number): ProcessMark | null {
  const [state = "", ...started] = ps(["-o", "stat=,lstart=", "-p", String(pid)])
    .trim()
    .split(/\s+/);
  return state === "" || state.startsWith("Z") ? null : { pid, started: started.join(" ") };
}

/** Is it still the very same process? */
export function isAlive({ pid, started }: ProcessMark): boolean {
  return markOf(pid)?.started === started;
}

/** The processes that a process has begun, or those of them with this name. */
export function childrenOf(parent: number, name?: string): ProcessMark[] {
  return (
    ps(["-A", "-o", "pid=,ppid=,comm="])
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      // `ps` itself is one of ours while it looks.
      .filter(([, ppid, command]) => Number(ppid) === parent && command !== "ps")
      .filter(([, , command]) => name === undefined || command === name)
      .flatMap(([pid]) => markOf(Number(pid)) ?? [])
  );
}

/** Ends a process at once, if it is still the very same. */
export function killNow(mark: ProcessMark): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, "SIGKILL");
  } catch {
    // It went by itself.
  }
}

function ps(args: readonly string[]): string {
  return spawnSync("ps", args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } }).stdout;
}
