import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { call, makeChannel } from "../../support/api.ts";
import { drained } from "../../support/objects.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

async function post(channel: string, keys: readonly string[]): Promise<string[]> {
  const events = keys.map((key) => ({ type: "custom.note", key, data: { text: key } }));
  const { body } = await call<{ ids: string[] }>("POST", `/channels/${channel}/events`, events);
  return body.ids;
}

/** Lets the clock go on. */
function goOn(ms: number): void {
  const at = Date.now() + ms;
  vi.spyOn(Date, "now").mockImplementation(() => at);
}

describe("an occurrence that comes again", () => {
  it("is known among the last 5,000, however long ago it was and however often the channel slept", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [first] = await post(channel, ["the first"]);
    for (let nap = 1; nap <= 3; nap++) {
      goOn(3_600_000);
      await post(channel, [`nap ${nap}`]);
      await drained(channel);
      await evictDurableObject(env.CHANNEL.getByName(channel));
      expect(await post(channel, ["the first"])).toEqual([first]);
    }
  });

  it("is told from others by whatever signs its key has, before a sleep and after", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const keys = ["a\0b", "a\0chat\tx", "a\nb", "a\tb", "?a b", "\0"];
    const first = await post(channel, keys);
    expect(new Set(first).size).toBe(keys.length);
    await drained(channel);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    expect(await post(channel, keys)).toEqual(first);
    expect(first).not.toContain((await post(channel, ["a"]))[0]);
  });
});
