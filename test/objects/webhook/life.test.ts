import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { ChannelObject } from "../../../src/objects/channel/object.ts";
import { call, makeChannel } from "../../support/api.ts";
import { Hook, until, webhookObject } from "../../support/hooks.ts";
import { methodOf } from "../../support/methods.ts";

/*
 * A webhook is in its own object, in its channel's, and its keys are in the database: all three say
 * the same in the end, whatever is lost between them.
 */

afterEach(() => {
  vi.restoreAllMocks();
});

async function lose(stub: DurableObjectStub): Promise<void> {
  await runInDurableObject(stub, (_, state) => state.abort()).catch(() => {});
}

async function publishedOf(webhook: string): Promise<unknown[]> {
  const query = "SELECT id FROM webhook_keys WHERE webhook = ? AND retired_at IS NULL";
  return (await env.DB.prepare(query).bind(webhook).all()).results;
}

const idsOf = (channel: string): Promise<string[]> => env.CHANNEL.getByName(channel).webhookIds();

describe("a webhook", () => {
  it("that is taken away while its channel cannot be asked is gone there as well", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { id } = await new Hook().attach(channel, { enabled: false });
    const object = () => webhookObject(channel, id);
    vi.spyOn(ChannelObject.prototype, "detachWebhook").mockRejectedValue(new Error("lost"));
    expect((await call("DELETE", `/channels/${channel}/webhooks/${id}`)).status).toBe(204);
    expect(await idsOf(channel)).toEqual([id]);
    await lose(await object());
    vi.restoreAllMocks();
    await runDurableObjectAlarm(await object());
    expect(await idsOf(channel)).toEqual([]);
    expect(await publishedOf(id)).toEqual([]);
  });

  it("whose making was cut off is nowhere", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ number: number; epoch: string }>("GET", `/channels/${channel}`);
    const object = () => env.WEBHOOK.getByName(`${body.number}/wh_cut`);
    const attachWebhook = methodOf(ChannelObject.prototype, "attachWebhook");
    vi.spyOn(ChannelObject.prototype, "attachWebhook").mockImplementation(async function attach(
      this: ChannelObject,
      epoch,
      link,
    ) {
      await attachWebhook.call(this, epoch, link);
      // The answer never comes.
      await scheduler.wait(3_600_000);
      return null;
    });
    const making = object()
      .create({
        url: new Hook().url,
        types: [],
        providers: [],
        platforms: [],
        ordering: "none",
        batch: null,
        ratePerSecond: null,
        handshake: "none",
        enabled: true,
        id: "wh_cut",
        channel,
        channelNumber: body.number,
        epoch: body.epoch,
        origin: "relay.test",
      })
      .catch(() => null);
    await until(
      () => idsOf(channel),
      ({ length }) => length > 0,
    );
    await lose(object());
    await making;
    vi.restoreAllMocks();
    await runDurableObjectAlarm(object());
    expect(await object().find()).toBe(null);
    expect(await idsOf(channel)).toEqual([]);
    expect(await publishedOf("wh_cut")).toEqual([]);
  });

  it("publishes no key for long that it was lost before it could use", async ({ expect }) => {
    const channel = await makeChannel();
    const { id } = await new Hook().attach(channel, { enabled: false });
    const object = () => webhookObject(channel, id);
    const [own] = await publishedOf(id);
    // As it is where the instance is lost between publishing a key and using it.
    const { body } = await call<{ number: number; epoch: string }>("GET", `/channels/${channel}`);
    await env.DB.prepare(
      "INSERT INTO webhook_keys (id, channel, webhook, x, created_at) VALUES ('stray', ?, ?, 'x', 0)",
    )
      .bind(body.number, id)
      .run();
    await runInDurableObject(await object(), (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO errands (kind, name, number, epoch) VALUES ('keys-agree', ?, ?, ?)",
        channel,
        body.number,
        body.epoch,
      );
    });
    await lose(await object());
    await runDurableObjectAlarm(await object());
    expect(await publishedOf(id)).toEqual([own]);
    const rotated = await call("POST", `/channels/${channel}/webhooks/${id}/rotate`, {});
    expect(rotated.status).toBe(200);
    expect(await publishedOf(id)).toHaveLength(1);
  });
});
