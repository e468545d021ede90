import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";

import type { WebhookObject } from "../../src/index.ts";

const clock = Date.now;

/**
 * Lets time go by for the clock, and for the timers of these channels' providers that are due then;
 * all others run on as they were. Ends with `vi.restoreAllMocks()`.
 */
export async function pass(ms: number, channels: readonly string[]): Promise<void> {
  putForward(ms);
  for (const channel of channels) await runDurableObjectAlarm(env.CHANNEL.getByName(channel));
}

/**
 * Lets time go by for the clock, and for what a webhook has to do until then. Ends with
 * `vi.restoreAllMocks()`.
 */
export async function passForWebhook(
  ms: number,
  webhook: DurableObjectStub<WebhookObject>,
): Promise<void> {
  putForward(ms);
  await runDurableObjectAlarm(webhook);
}

function putForward(ms: number): void {
  const aheadMs = Date.now() + ms - clock();
  vi.spyOn(Date, "now").mockImplementation(() => clock() + aheadMs);
}
