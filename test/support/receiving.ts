import type { TestProject } from "vitest/node";

import { startReceiver } from "./receiver.ts";

/** Starts a receiver of webhooks beside the runtime. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const receiver = await startReceiver();
  project.provide("receiver", receiver.url);
  return () => receiver.close();
}
