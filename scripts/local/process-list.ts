/** A process as its system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** When it began, in the system's own words. */
  readonly started: string;
  /** The program's name, without `.exe`. */
  readonly name: string;
}

/**
 * Reads what `/proc/<pid>/stat` has. The name stands in brackets, and may have some itself. Null for a
 * process that has ended and was not noticed yet.
 */
export function readStat(text: string): ListedProcess | null {
  const end = text.lastIndexOf(")");
  const [state = "", parent = "", ...rest] = text.slice(end + 2).split(" ");
  // The 22nd field of all: clock ticks since the machine began.
  const started = rest[17] ?? "";
  if (end === -1 || state === "Z" || state === "X") return null;
  const name = text.slice(text.indexOf("(") + 1, end);
  return { pid: Number.parseInt(text, 10), parent: Number(parent), started, name };
}

const PS = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.+?)\s*$/;

/**
 * Reads what `ps -o pid=,ppid=,stat=,lstart=,comm=` prints. A process that has ended and was not
 * noticed yet is left out.
 */
export function readPs(text: string): ListedProcess[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, state = "", started = "", name = ""] = PS.exec(line) ?? [];
    if (pid === undefined || state.startsWith("Z")) return [];
    return [
      { pid: Number(pid), parent: Number(parent), started: started.replace(/\s+/g, " "), name },
    ];
  });
}

const POWER_SHELL = /^(\d+) (\d+) (\d*) (.*?)(?:\.exe)?\s*$/;

/** Reads lines of id, parent, time of creation and name, as Windows is asked for them. */
export function readPowerShell(text: string): ListedProcess[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, started = "", name = ""] = POWER_SHELL.exec(line) ?? [];
    if (pid === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), started, name }];
  });
}
