/*
 * Waits until its standard input closes, which it does when the process that holds the other end has
 * gone, and ends the processes it was given.
 */
import { killNow, type ProcessMark } from "./processes.ts";

const children = JSON.parse(process.argv[2] ?? "[]") as ProcessMark[];

// A terminal's signals are for the relay: it is waited for, however it takes them.
process.on("SIGINT", () => {});
process.stdin.on("end", () => {
  for (const child of children) killNow(child);
  process.exit(0);
});
process.stdin.resume();
