import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProject } from "vitest/node";

import { EMULABLE, type Emulable } from "./emulable.ts";

/** Starts the emulated providers beside the runtime, for tests that dial out of it. */
export async function setup(project: TestProject): Promise<() => void> {
  project.provide("migrations", await readD1Migrations("./migrations"));
  const emulators = await Promise.all(EMULABLE.map(async (name) => [name, await emulate(name)]));
  const byName = Object.fromEntries(emulators) as Record<Emulable, { url: string; stop(): void }>;
  const urls = Object.entries(byName).map(([name, { url }]) => [name, url]);
  project.provide("emulators", Object.fromEntries(urls) as Record<Emulable, string>);
  return () => {
    for (const emulator of Object.values(byName)) emulator.stop();
  };
}

// A process of its own: here modules are resolved for the Workers runtime, which `ws` is not for.
async function emulate(protocol: string): Promise<{ url: string; stop(): void }> {
  const cli = join(import.meta.dirname, "../emulators/cli.ts");
  const emulator = spawn(process.execPath, [cli, protocol, "--script", "quiet", "--seed", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: emulator.stdout })) {
    const url = /ws:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return { url, stop: () => emulator.kill() };
  }
  throw new Error(`the ${protocol} emulator did not start`);
}
