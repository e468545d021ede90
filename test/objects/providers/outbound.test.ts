import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { makeOutboundTurns, takeDial } from "../../../src/objects/providers/outbound.ts";
import { call, makeChannel, postNotes } from "../../support/api.ts";
import { drained } from "../../support/objects.ts";

/** Has providers hang until they are let go; counts how many are being waited for. */
function hang() {
  const waiting: (() => void)[] = [];
  let asked = 0;
  vi.stubGlobal("fetch", () => {
    asked += 1;
    return new Promise<Response>((resolve) => {
      waiting.push(() => resolve(new Response("no", { status: 503 })));
    });
  });
  return { waiting, asked: () => asked };
}

describe("a channel whose providers hang", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("waits for few of them at once, so that the database is not kept waiting", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    for (let index = 0; index < 10; index += 1) {
      await call("POST", `/channels/${channel}/providers`, {
        protocol: "dlive",
        target: { streamer: `s${index}` },
        url: `ws://127.0.0.1:9/s${index}`,
        enabled: false,
      });
    }
    const { body } = await call<{ data: { id: string }[] }>(
      "GET",
      `/channels/${channel}/providers`,
    );
    const { waiting, asked } = hang();
    for (const { id } of body.data) {
      await call("PATCH", `/channels/${channel}/providers/${id}`, { enabled: true });
    }
    expect([asked(), waiting.length]).toEqual([3, 3]);
    // History is fed meanwhile.
    await postNotes(channel, ["a"]);
    await drained(channel);
    // Each that is answered makes way for the next, and all are dialled.
    const object = env.CHANNEL.getByName(channel);
    for (let round = 3; round < 10; round += 1) {
      const isNext = vi.waitUntil(() => asked() === round + 1, { timeout: 60_000 });
      await runInDurableObject(object, () => waiting[round - 3]?.());
      await isNext;
    }
    await call("DELETE", `/channels/${channel}`);
    // The channel is gone: what still waits for its turn is not dialled any more.
    const before = asked();
    await runInDurableObject(object, () => {
      for (const answer of waiting) answer();
    });
    expect(asked()).toBe(before);
  });
});

describe("dials of a provider that counts them", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("are as far apart as it wants, and nobody else's wait for them", async ({ expect }) => {
    const turns = makeOutboundTurns();
    const counted = { protocol: "twitch-irc", dialEveryMs: 600 } as const;
    const dialled: [string, number][] = [];
    const from = Date.now();
    const dial = async (name: string, adapter: Parameters<typeof takeDial>[2]): Promise<void> => {
      const end = await takeDial(turns, name, adapter, Date.now());
      dialled.push([name, Date.now() - from]);
      end();
    };
    const all = Array.from({ length: 25 }, (_, index) => dial(`room ${index}`, counted));
    const other = dial("another", { protocol: "dlive" });
    await vi.advanceTimersByTimeAsync(24 * 600);
    await Promise.all([...all, other]);
    const times = dialled.filter(([name]) => name !== "another").map(([, at]) => at);
    expect(times).toEqual(Array.from({ length: 25 }, (_, index) => index * 600));
    expect(dialled.find(([name]) => name === "another")?.[1]).toBe(0);
  });
});
