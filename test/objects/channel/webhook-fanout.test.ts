import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, vi } from "vitest";

import type { Group, NumberedEvent } from "../../../src/event/group.ts";
import { LogTail } from "../../../src/objects/channel/log-tail.ts";
import { WebhookObject } from "../../../src/objects/webhook/object.ts";
import { call, makeChannel, postNotes } from "../../support/api.ts";
import { delivered, Hook, textsIn, until } from "../../support/hooks.ts";
import { drained, forgetJournal } from "../../support/objects.ts";

const EVERYTHING = { types: [], providers: [], platforms: [] };

describe("a webhook that went without its channel hearing of it", () => {
  it("is forgotten when it is to be handed something", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ epoch: string }>("GET", `/channels/${channel}`);
    const object = env.CHANNEL.getByName(channel);
    await object.attachWebhook(body.epoch, { id: "wh_gone", filter: EVERYTHING, enabled: true });
    expect(await object.webhookIds()).toEqual(["wh_gone"]);
    await postNotes(channel, ["for nobody"]);
    const ids = await until(
      () => object.webhookIds(),
      ({ length }) => length === 0,
    );
    expect(ids).toEqual([]);
  });
});

describe("a webhook that was behind for longer than the log is kept", () => {
  it("has on record what it was not sent, and is sent the rest", async ({ expect }) => {
    const channel = await makeChannel();
    const hook = new Hook();
    const { id } = await hook.attach(channel);
    vi.spyOn(WebhookObject.prototype, "take").mockRejectedValue(new Error("away"));
    await postNotes(channel, ["a"]);
    await postNotes(channel, ["b"]);
    await postNotes(channel, ["c"]);
    await drained(channel);
    await forgetJournal(channel);
    const { body } = await call<{ number: number; epoch: string }>("GET", `/channels/${channel}`);
    await env.DB.prepare("DELETE FROM events WHERE channel = ? AND seq <= 2")
      .bind(body.number)
      .run();
    const object = env.CHANNEL.getByName(channel);
    await runInDurableObject(object, (_, state) => state.abort()).catch(() => {});
    vi.restoreAllMocks();
    await postNotes(channel, ["d"]);
    expect(textsIn(await hook.until(3)).slice(-2)).toEqual(["c", "d"]);
    const found = await delivered(channel, id, ({ length }) => length === 3);
    expect(found.map(({ status, why, messageId }) => [status, why, messageId]).at(-1)).toEqual([
      "failed",
      "expired",
      `${body.epoch}-1..2`,
    ]);
  });
});

/** A group of so many events, each of so many characters. */
function group(from: number, count: number, chars: number): Group {
  const events = Array.from({ length: count }, (_, index) => {
    const event = { type: "custom.note", provider: "api", platform: "api" };
    const seq = from + index + 1;
    return {
      seq,
      event,
      text: "x".repeat(chars),
      key: null,
      raw: null,
    } as unknown as NumberedEvent;
  });
  return { from, to: from + count, events };
}

describe("what is handed over at once", () => {
  it("is so many events", async ({ expect }) => {
    const tail = new LogTail(0);
    tail.add(group(0, 300, 100));
    expect(tail.after(0, EVERYTHING)?.to).toBe(256);
    expect(tail.after(256, EVERYTHING)?.events).toHaveLength(44);
  });

  it("is fewer where they are large", async ({ expect }) => {
    const tail = new LogTail(0);
    tail.add(group(0, 64, 65_536));
    expect(tail.after(0, EVERYTHING)?.to).toBe(16);
  });

  it("is kept in memory only as far as there is room", async ({ expect }) => {
    const tail = new LogTail(0);
    for (let from = 0; from < 1_000; from += 10) tail.add(group(from, 10, 65_536));
    expect(tail.after(1_000 - 129, EVERYTHING)).toBeNull();
    expect(tail.after(1_000 - 64, EVERYTHING)?.to).toBe(1_000 - 64 + 16);
  });
});
