/*
 * Runs a command in the place of this process, or as near to that as the system allows: who sends a
 * signal to this process means the command.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const IS_WINDOWS = process.platform === "win32";

/** Becomes the command: nothing is left in between. Comes back where that cannot be done. */
export function becomeCommand(file, args) {
  if (IS_WINDOWS || process.execve === undefined) return;
  process.execve(file, [file, ...args], process.env);
}

/** Runs a command and passes signals on to it; resolves with its exit code. */
export function runCommand(file, args, options = {}) {
  const child = spawn(file, args, { stdio: "inherit", ...options });
  // A console of Windows gives its signals to the command itself: this process only has to outlive it.
  const pass = SIGNALS.map((signal) => [signal, () => IS_WINDOWS || child.kill(signal)]);
  for (const [signal, listener] of pass) process.on(signal, listener);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const [name, listener] of pass) process.off(name, listener);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
