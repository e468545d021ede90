import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProject } from "vitest/node";

import { ensureBuilt } from "../../scripts/build/fresh.ts";
import type { Slot } from "./slot.ts";

interface StartedSlot extends Slot {
  stop(): void;
}

/** Starts what tests need outside the runtime, once for each file that may run at the same time. */
export async function setup(project: TestProject): Promise<() => void> {
  project.provide("migrations", await readD1Migrations("./migrations"));
  const count = project.config.maxWorkers;
  const slots = Array.from({ length: count }, () => startSlot());
  // The pages that the Worker hands out are those of the sources.
  const [started] = await Promise.all([Promise.all(slots), ensureBuilt()]);
  project.provide(
    "slots",
    started.map(({ emulators, emotes, kick, receiver }) => ({ emulators, emotes, kick, receiver })),
  );
  return () => {
    for (const slot of started) slot.stop();
  };
}

// A process of its own: here modules are resolved for the Workers runtime, which `ws` is not for.
async function startSlot(): Promise<StartedSlot> {
  const slot = spawn(process.execPath, [join(import.meta.dirname, "slot-process.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const said = createInterface({ input: slot.stdout });
  const line = once(said, "line").then(([text]) => text as string);
  const ended = once(slot, "exit").then(([code]) => {
    throw new Error(`the providers and the receiver ended with ${String(code)}`);
  });
  const urls = JSON.parse(await Promise.race([line, ended])) as Slot;
  ended.catch(() => {});
  return { ...urls, stop: () => slot.kill() };
}
