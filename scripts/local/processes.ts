import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

import { readPowerShell, readPs, readStat, type ListedProcess } from "./process-list.ts";

/** A process, told apart from a later one with the same id by when it began. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

/** A process that is there now, or null. One that has ended and was not noticed yet is not there. */
export function markOf(pid: number): ProcessMark | null {
  const found = listProcesses().find((each) => each.pid === pid);
  return found === undefined ? null : { pid, started: found.started };
}

/** Is it still the very same process? */
export function isAlive({ pid, started }: ProcessMark): boolean {
  return markOf(pid)?.started === started;
}

/** The processes that a process has begun, or those of them with this name. */
export function childrenOf(parent: number, name?: string): ProcessMark[] {
  return listProcesses()
    .filter((each) => each.parent === parent)
    .filter((each) => name === undefined || each.name === name)
    .map(({ pid, started }) => ({ pid, started }));
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

const POWER_SHELL =
  "Get-CimInstance Win32_Process | ForEach-Object { '{0} {1} {2} {3}' -f " +
  "$_.ProcessId, $_.ParentProcessId, $_.CreationDate.Ticks, $_.Name }";

/** All processes but the one that lists them. */
function listProcesses(): ListedProcess[] {
  if (process.platform === "linux") return listProc();
  const isWindows = process.platform === "win32";
  const { stdout, error, pid } = isWindows
    ? spawnSync("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", POWER_SHELL], {
        encoding: "utf8",
        windowsHide: true,
      })
    : spawnSync("ps", ["-A", "-o", "pid=,ppid=,stat=,lstart=,comm="], {
        encoding: "utf8",
        env: { ...process.env, LC_ALL: "C" },
      });
  if (error !== undefined) throw new Error(`Processes cannot be listed: ${error.message}`);
  return (isWindows ? readPowerShell(stdout) : readPs(stdout)).filter((each) => each.pid !== pid);
}

/** Linux says it in files, and small systems have no `ps`. */
function listProc(): ListedProcess[] {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const found = readStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
        return found === null ? [] : [{ ...found, started: `${boot} ${found.started}` }];
      } catch {
        // It went while the others were read.
        return [];
      }
    });
}
