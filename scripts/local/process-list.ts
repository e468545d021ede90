/** A process as its system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** When it began, in the system's own words. */
  readonly started: string;
  /** The program's name, without `.exe`. */
  readonly name: string;
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
