import { readFileSync } from "node:fs";

// Linux counts processor time in hundredths of a second.
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process has used. */
export function cpuSeconds(pid: number): number {
  // The name, in parentheses, may hold anything: the fields that follow are counted from its end.
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory of a process, in MiB. */
export function memoryMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
}
