import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, vi } from "vitest";

import type { HandedEvent } from "../../../src/calls/webhook.ts";
import type { Endpoint } from "../../../src/delivery/endpoint.ts";
import { Erasures } from "../../../src/event/tombstone.ts";
import { WebhookIntake } from "../../../src/objects/webhook/intake.ts";
import { migrateQueue } from "../../../src/store/queue/schema.ts";
import { call, chat, makeChannel } from "../../support/api.ts";
import { delivered, Hook, textsIn } from "../../support/hooks.ts";

const post = (channel: string, ...events: object[]) =>
  call("POST", `/channels/${channel}/events`, events);

const deletion = (...messageIds: string[]) => ({
  type: "chat.message.deleted",
  data: { messageIds },
});

describe("a deleted message", () => {
  it("is a tombstone in every attempt that comes after", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { types: ["chat.message"] });
    await hook.reply({ status: 503, headers: { "retry-after": "1" } }, { status: 204 });
    await post(channel, chat("m1", "a secret"));
    await delivered(channel, id, ([last]) => last?.attempts.length === 1);
    // The endpoint's filter leaves the deletion itself out.
    await post(channel, deletion("m1"));
    expect(textsIn(await hook.until(3))).toEqual(["a secret", ""]);
  });

  it("is a tombstone though its deletion came along with it", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    await hook.attach(channel, { types: ["chat.message"], batch: { max: 10, waitMs: 100 } });
    await post(channel, chat("m1", "a secret"), chat("m2", "stays"), deletion("m1"));
    expect(textsIn(await hook.until(2))).toEqual(["", "stays"]);
  });

  it("is a tombstone in what is tried again by hand", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel, { types: ["chat.message"] });
    await hook.reply({ status: 400 }, { status: 204 });
    await post(channel, chat("m1", "a secret"));
    await delivered(channel, id, ([last]) => last?.status === "failed");
    await post(channel, deletion("m1"));
    await call("POST", `/channels/${channel}/webhooks/${id}/deliveries/d_2/retry`);
    expect(textsIn(await hook.until(3))).toEqual(["a secret", ""]);
  });

  it("is not to be found in the queue of a webhook that cannot be reached", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    await hook.reply({ status: 503, headers: { "retry-after": "3600" } });
    await post(channel, chat("m1", "a secret"), chat("m2", "another secret", "u2"));
    await delivered(channel, id, (all) => all.some(({ attempts }) => attempts.length === 1));
    await post(channel, { type: "chat.cleared", data: { scope: "all" } });
    await hook.reply({ status: 204 });
    const path = `/channels/${channel}/webhooks/${id}/deliveries`;
    await call("POST", `${path}/d_2/retry`);
    await call("POST", `${path}/d_3/retry`);
    await delivered(
      channel,
      id,
      (all) => all.filter(({ status }) => status === "succeeded").length >= 2,
    );
    const received = await hook.until(4);
    expect(textsIn(received.slice(-2))).toEqual(["", ""]);
  });

  it("is looked for once in a queue, however many people are banned at once", async ({
    expect,
  }) => {
    const COUNT = 300;
    const said = Array.from({ length: COUNT }, (_, index) =>
      chat(`m${index}`, "a secret", `u${index}`),
    );
    const bans = said.map(({ data: { user } }) => ({ type: "moderation.ban", data: { user } }));
    const looks = vi.spyOn(Erasures.prototype, "apply");
    const stub = env.CHANNEL.getByName(`queue-${crypto.randomUUID()}`);
    const bodies = await runInDurableObject(stub, (_, { storage }) => {
      migrateQueue(storage.sql);
      const endpoint = { batch: null, epoch: "k3f9w2ab7q" } as Endpoint;
      const host = { storage, endpoint: () => endpoint, changed: () => {}, now: () => 0 };
      const intake = new WebhookIntake(host);
      intake.beginAt(0);
      for (const [from, events] of [
        [0, said],
        [COUNT, bans],
      ] as const) {
        const handed = events.map((event, index) => handedAs(event, from + index + 1));
        intake.take({
          epoch: endpoint.epoch,
          from,
          to: from + COUNT,
          filter: EVERYTHING,
          events: handed,
        });
      }
      return storage.sql.exec<{ body: string }>("SELECT body FROM deliveries").toArray();
    });
    expect(bodies).toHaveLength(2 * COUNT);
    expect(bodies.filter(({ body }) => body.includes("a secret"))).toEqual([]);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(2 * COUNT);
    looks.mockRestore();
  });
});

const EVERYTHING = { types: [], providers: [], platforms: [], forModerators: true };

/** An event as a channel hands it to a webhook. */
function handedAs({ type, data }: { type: string; data: object }, seq: number): HandedEvent {
  const about = { type, provider: "api", platform: "api" };
  return { ...about, seq, text: JSON.stringify({ ...about, sequence: String(seq), data }) };
}
