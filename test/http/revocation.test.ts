import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import type { ChannelCalls } from "../../src/calls/channel.ts";
import type { HubCalls } from "../../src/calls/hub.ts";
import worker from "../../src/index.ts";
import { ChannelObject } from "../../src/objects/channel/object.ts";
import { Hub } from "../../src/objects/hub/object.ts";
import { call, makeChannel, postNotes } from "../support/api.ts";
import { keyFor } from "../support/authority.ts";
import { crowd } from "../support/hubs.ts";
import { connect } from "../support/sockets.ts";

/** The channels whose objects cannot be told of a revocation, and how that shows. */
const failing = new Map<string, "fails" | "hangs">();
let areHubsAway = false;

function loseDismissals(): void {
  const { dismiss } = ChannelObject.prototype as Pick<ChannelCalls, "dismiss">;
  vi.spyOn(ChannelObject.prototype, "dismiss").mockImplementation(async function lose(
    this: ChannelObject,
    id: string,
  ) {
    const how = failing.get((this as unknown as { ctx: DurableObjectState }).ctx.id.name ?? "");
    if (how === "fails") throw new Error("lost on the way");
    if (how === "hangs") return new Promise(() => {});
    return dismiss.call(this, id);
  });
  const { dismiss: ofHub } = Hub.prototype as Pick<HubCalls, "dismiss">;
  vi.spyOn(Hub.prototype, "dismiss").mockImplementation(async function lose(this: Hub, id: string) {
    if (areHubsAway) throw new Error("lost on the way");
    return ofHub.call(this, id);
  });
}

async function runAt(time: number): Promise<void> {
  const controller = createScheduledController({ scheduledTime: new Date(time) });
  await worker.scheduled(controller, env);
}

const rows = async (table: "revocations" | "revocations_owed"): Promise<number> =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? 0;

const MINUTE = 60_000;

beforeEach(() => {
  loseDismissals();
  vi.spyOn(console, "error").mockReturnValue();
});
afterEach(() => {
  failing.clear();
  areHubsAway = false;
  crowd(2_000);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a revoked key", () => {
  it.for(["fails", "hangs"] as const)(
    "ends on every channel, though the object of the first %s",
    async (how, { expect }) => {
      const [first, second] = [await makeChannel(), await makeChannel()];
      const { id, key } = await keyFor([first, second]);
      const sockets = [await connect(first, "", { key }), await connect(second, "", { key })];
      failing.set(first, how);
      expect((await call("DELETE", `/keys/${id}`)).status).toBe(204);
      expect((await sockets[1]?.closed)?.code).toBe(4001);
      while ((await rows("revocations")) > 0) await postNotes(second, ["meanwhile"]);
      expect(await rows("revocations_owed")).toBe(1);
      failing.clear();
      await runAt(Date.now() + 2 * MINUTE);
      expect((await sockets[0]?.closed)?.code).toBe(4001);
      expect(await rows("revocations_owed")).toBe(0);
    },
  );

  it("that is bound to no channel ends on all, and in hubs that were away", async ({ expect }) => {
    const channels = [await makeChannel(), await makeChannel(), await makeChannel()];
    const { id, key } = await keyFor(null);
    const own = await connect(channels[0] ?? "", "", { key });
    crowd(0);
    const there = await connect(channels[1] ?? "", "", { key });
    await there.nextOf("hello");
    areHubsAway = true;
    await call("DELETE", `/keys/${id}`);
    expect((await own.closed).code).toBe(4001);
    areHubsAway = false;
    await runAt(Date.now() + 2 * MINUTE);
    expect((await there.closed).code).toBe(4001);
    expect([await rows("revocations"), await rows("revocations_owed")]).toEqual([0, 0]);
  });

  it("ends on every channel, though the request that revoked it ended with the Worker", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const { id, key } = await keyFor([channel]);
    const socket = await connect(channel, "", { key });
    // As it stands once it is revoked, and before anybody was told.
    await env.DB.batch([
      env.DB.prepare("UPDATE api_keys SET revoked_at = 1 WHERE id = ?").bind(id),
      env.DB.prepare(
        "INSERT INTO revocations (credential, channels, reached, created_at) VALUES (?, ?, NULL, 1)",
      ).bind(`key:${id}`, JSON.stringify([channel])),
    ]);
    await runAt(Date.now());
    expect((await socket.closed).code).toBe(4001);
    expect(await rows("revocations")).toBe(0);
  });

  it("is told again and again, each time after a longer while", async ({ expect }) => {
    const channel = await makeChannel();
    const { id, key } = await keyFor([channel]);
    const socket = await connect(channel, "", { key });
    failing.set(channel, "fails");
    await call("DELETE", `/keys/${id}`);
    const due = async (): Promise<number> =>
      (await env.DB.prepare("SELECT due_at FROM revocations_owed").first<{ due_at: number }>())
        ?.due_at ?? 0;
    const waits: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      const at = await due();
      await runAt(at);
      waits.push((await due()) - at);
    }
    expect(waits.map((ms) => ms / MINUTE)).toEqual([2, 4, 8, 16, 32, 60, 60, 60, 60]);
    failing.clear();
    await runAt(await due());
    expect((await socket.closed).code).toBe(4001);
  });
});

describe("a revoked overlay key", () => {
  it("is gone at once for the API, also where its channel's object cannot be told", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const path = `/channels/${channel}/overlay-keys`;
    const { body } = await call<{ id: string; key: string }>("POST", path, { name: "o" });
    const socket = await connect(channel, "", { key: body.key });
    failing.set(channel, "fails");
    expect((await call("DELETE", `${path}/${body.id}`)).status).toBe(204);
    const read = await call("GET", `/channels/${channel}`, undefined, { key: body.key });
    expect(read.status).toBe(401);
    failing.clear();
    await runAt(Date.now() + 2 * MINUTE);
    expect((await socket.closed).code).toBe(4001);
  });
});
