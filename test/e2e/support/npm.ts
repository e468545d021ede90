import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";

const isWindows = process.platform === "win32";

/** Runs npm as a person does, from the root of the project. Windows knows it only by its script. */
export function runNpm(args: readonly string[], options: SpawnOptions): ChildProcess {
  const cli = process.env["npm_execpath"];
  return isWindows && cli !== undefined
    ? spawn(process.execPath, [cli, ...args], options)
    : spawn("npm", args, options);
}

/** Ends a process that was started in a group of its own at once, with all that it began. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (isWindows) {
    spawnSync("taskkill", ["/PID", String(child.pid), "/T", "/F"]);
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // The whole group has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
