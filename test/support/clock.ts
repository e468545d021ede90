import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";

const clock = Date.now;

/**
 * Lets time go by for the clock, and for the timers of these channels' providers that are due then;
 * all others run on as they were. Ends with `vi.restoreAllMocks()`.
 */
export async function pass(ms: number, channels: readonly string[]): Promise<void> {
  const aheadMs = Date.now() + ms - clock();
  vi.spyOn(Date, "now").mockImplementation(() => clock() + aheadMs);
  for (const channel of channels) await runDurableObjectAlarm(env.CHANNEL.getByName(channel));
}
