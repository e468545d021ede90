import { createScheduledController, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import worker from "../../src/index.ts";
import { call } from "./api.ts";
import { webhookObject } from "./hooks.ts";

export const OLD = "master-key-of-the-tests";
export const NEW = "master-key-after-the-change";

/** The relay is given other secrets, as by a deploy: whoever of these is awake begins anew. */
export async function deployWith(
  secrets: { readonly current: string; readonly previous?: string },
  channels: readonly string[] = [],
): Promise<void> {
  Object.assign(env, {
    TRIBUTARY_MASTER_KEY: secrets.current,
    TRIBUTARY_MASTER_KEY_PREVIOUS: secrets.previous ?? "",
  });
  for (const channel of channels) {
    const path = `/channels/${channel}/webhooks`;
    const { body } = await call<{ data: { id: string }[] }>("GET", path);
    for (const { id } of body.data) await evictDurableObject(await webhookObject(channel, id));
    // One that holds sockets to its providers is not evicted.
    const lost = runInDurableObject(env.CHANNEL.getByName(channel), (_, state) => state.abort());
    await lost.catch(() => {});
  }
}

/** No run has looked at the master key yet. */
export async function forgetMasterKey(): Promise<void> {
  await env.DB.prepare("DELETE FROM master_key").run();
}

/** Runs the cron as it would run at a time. */
export async function runAt(time: number): Promise<void> {
  const controller = createScheduledController({ scheduledTime: new Date(time) });
  await worker.scheduled(controller, env);
}
