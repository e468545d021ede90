import { env } from "cloudflare:workers";
import { beforeEach, describe, it } from "vitest";

import { deleteChannel, findChannel } from "../../src/store/history/channels.ts";
import { readHookKey, saveHookKey, takeKeyTurn } from "../../src/store/history/hook-keys.ts";
import { addRoute, dropRoute, isRouted, listRouted } from "../../src/store/history/hook-routes.ts";
import { makeChannel } from "../support/api.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const NOW = 1_790_000_000_000;
let protocols = 0;
let protocol = "";

beforeEach(() => {
  protocols += 1;
  protocol = `spoken-${protocols}`;
});

async function numberOf(channel: string): Promise<number> {
  return (await findChannel(env.DB, channel))?.number ?? 0;
}

describe("the routes of deliveries", () => {
  const ids = async (key: string): Promise<string[]> =>
    (await listRouted(env.DB, protocol, key)).map(({ id }) => id).toSorted();

  it("lead to each channel that has claimed a key, once, until it lets go", async ({ expect }) => {
    const [one, other] = [await makeChannel(), await makeChannel()];
    const claim = { protocol, key: "7", channel: await numberOf(one), provider: "p_1" };
    const second = { ...claim, provider: "p_2" };
    const elsewhere = { ...claim, channel: await numberOf(other) };
    for (const route of [claim, claim, second, elsewhere]) await addRoute(env.DB, route);
    expect(await ids("7")).toEqual([one, other].toSorted());
    expect(await ids("8")).toEqual([]);
    await dropRoute(env.DB, claim);
    expect(await ids("7")).toEqual([one, other].toSorted());
    await dropRoute(env.DB, second);
    expect(await ids("7")).toEqual([other]);
    await dropRoute(env.DB, elsewhere);
    expect(await isRouted(env.DB, protocol, "7")).toBe(false);
  });

  it("end with their channel, and none is made to one that is gone", async ({ expect }) => {
    const channel = await numberOf(await makeChannel());
    const route = { protocol, key: "7", channel, provider: "p_1" };
    await addRoute(env.DB, route);
    await deleteChannel(env.DB, channel, NOW);
    expect(await isRouted(env.DB, protocol, "7")).toBe(false);
    await addRoute(env.DB, route);
    expect(await isRouted(env.DB, protocol, "7")).toBe(false);
  });

  it("are found without a look at all of them", async ({ expect }) => {
    const { results } = await env.DB.prepare(
      `EXPLAIN QUERY PLAN SELECT * FROM channels
       WHERE number IN (SELECT channel FROM hook_routes WHERE protocol = ? AND key = ?)`,
    )
      .bind("a", "b")
      .all<{ detail: string }>();
    const details = results.map(({ detail }) => detail).join("\n");
    expect(details).toContain("hook_routes USING PRIMARY KEY (protocol=? AND key=?)");
    expect(details).not.toContain("SCAN");
  });
});

describe("the key that deliveries are signed with", () => {
  it("is asked for by one of those who want it, and again after a minute", async ({ expect }) => {
    const turns = await Promise.all(
      [1, 2, 3].map(() => takeKeyTurn(env.DB, protocol, NOW, MINUTE_MS)),
    );
    expect(turns.filter((each) => each)).toHaveLength(1);
    expect(await takeKeyTurn(env.DB, protocol, NOW + 59_999, MINUTE_MS)).toBe(false);
    expect(await takeKeyTurn(env.DB, protocol, NOW + 60_000, MINUTE_MS)).toBe(true);
  });

  it("is good for a day beside the one that takes its place", async ({ expect }) => {
    expect(await readHookKey(env.DB, protocol, NOW)).toBeNull();
    await takeKeyTurn(env.DB, protocol, NOW, MINUTE_MS);
    expect(await readHookKey(env.DB, protocol, NOW)).toMatchObject({ key: null, previous: null });
    await saveHookKey(env.DB, protocol, "first", NOW);
    await saveHookKey(env.DB, protocol, "first", NOW + 1);
    expect(await readHookKey(env.DB, protocol, NOW)).toMatchObject({
      key: "first",
      fetchedAt: NOW + 1,
      previous: null,
    });
    await saveHookKey(env.DB, protocol, "second", NOW + 2);
    const during = await readHookKey(env.DB, protocol, NOW + DAY_MS);
    expect(during).toMatchObject({ key: "second", previous: "first" });
    const after = await readHookKey(env.DB, protocol, NOW + DAY_MS + 2);
    expect(after).toMatchObject({ key: "second", previous: null });
  });
});
