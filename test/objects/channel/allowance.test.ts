import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { QueryAllowance } from "../../../src/objects/channel/allowance.ts";
import { ChannelObject } from "../../../src/objects/channel/object.ts";
import { makeChannel } from "../../support/api.ts";
import { invoke } from "../../support/limits.ts";

describe("an object's queries", () => {
  it("are taken at once while there are some left, and else when something has come in", async ({
    expect,
  }) => {
    let renewals = 0;
    const gates: (() => void)[] = [];
    const allowance = new QueryAllowance(() => {
      renewals += 1;
      return new Promise<void>((resolve) => gates.push(resolve));
    }, 3);
    expect([allowance.take(2), allowance.take(1)]).toEqual([undefined, undefined]);
    const done: string[] = [];
    const waiting = ["a", "b", "c", "d"].map(async (name) => {
      await allowance.take(1);
      done.push(name);
    });
    await Promise.resolve();
    expect([renewals, done]).toEqual([1, []]);
    gates.shift()?.();
    await Promise.all(waiting.slice(0, 3));
    expect(done).toEqual(["a", "b", "c"]);
    await vi.waitUntil(() => renewals === 2);
    gates.shift()?.();
    await Promise.all(waiting);
    expect([renewals, done.length]).toEqual([2, 4]);
  });

  it("fail where nothing can come in, and are taken by the next who tries", async ({ expect }) => {
    const renew = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error("lost"));
    renew.mockResolvedValue();
    const allowance = new QueryAllowance(renew, 1);
    await allowance.take(1);
    await expect(allowance.take(1)).rejects.toThrow("lost");
    await allowance.take(1);
    expect(renew).toHaveBeenCalledTimes(2);
  });
});

describe("a channel's object that is busy by itself", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("asks D1 as much as it has to, and never more at once than D1 answers", async ({ expect }) => {
    const channel = await makeChannel();
    const ensured = vi.spyOn(ChannelObject.prototype, "ensure");
    await runInDurableObject(env.CHANNEL.getByName(channel), async (object) => {
      const { runtime } = object as unknown as { runtime: { db: D1Database } };
      const ask = async (db: D1Database): Promise<void> => {
        const session = db.withSession();
        for (let asked = 0; asked < 1_200; asked += 1) await session.prepare("SELECT 1").first();
        await session.batch([db.prepare("SELECT 1"), session.prepare("SELECT 1")]);
      };
      await expect(invoke(object, () => ask(env.DB))).rejects.toThrow("Too many API requests");
      await invoke(object, () => ask(runtime.db));
    });
    expect(ensured).toHaveBeenCalledTimes(1);
  });
});
