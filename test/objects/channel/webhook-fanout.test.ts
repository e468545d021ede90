import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import type { Group, NumberedEvent } from "../../../src/event/group.ts";
import { LogTail } from "../../../src/objects/channel/log-tail.ts";
import { call, makeChannel, postNotes } from "../../support/api.ts";
import { until } from "../../support/hooks.ts";

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
