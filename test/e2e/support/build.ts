import { ensureBuilt } from "../../../scripts/build/fresh.ts";

/** Builds what all relays run, once: those that start at the same time would each build it. */
export async function setup(): Promise<void> {
  await ensureBuilt();
}
