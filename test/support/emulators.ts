import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProject } from "vitest/node";

/** Starts the emulated providers beside the runtime, for tests that dial out of it. */
export async function setup(project: TestProject): Promise<() => void> {
  project.provide("migrations", await readD1Migrations("./migrations"));
  const [dlive, restream] = await Promise.all([emulate("dlive"), emulate("restream")]);
  project.provide("emulators", { dlive: dlive.url, restream: restream.url });
  return () => {
    dlive.stop();
    restream.stop();
  };
}

// A process of its own: here modules are resolved for the Workers runtime, which `ws` is not for.
async function emulate(protocol: string): Promise<{ url: string; stop(): void }> {
  const cli = join(import.meta.dirname, "../emulators/cli.ts");
  const emulator = spawn(process.execPath, [cli, protocol, "--script", "quiet"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: emulator.stdout })) {
    const url = /ws:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return { url, stop: () => emulator.kill() };
  }
  throw new Error(`the ${protocol} emulator did not start`);
}
