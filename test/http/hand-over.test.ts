import { env } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { ChannelObject } from "../../src/objects/channel/object.ts";
import { call, makeChannel } from "../support/api.ts";
import { connect } from "../support/sockets.ts";

interface HandedOver {
  readonly channels: number;
  readonly next: string | null;
}

const { CHANNEL, HUB } = env;

describe("a planned hand-over", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    Object.assign(env, { CHANNEL, HUB });
  });

  it("reaches all others where one channel cannot be asked", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    vi.spyOn(ChannelObject.prototype, "handOver").mockRejectedValueOnce(new Error("broken"));
    await makeChannel();
    // Whichever was asked first has failed; both have been asked by now.
    await call("POST", "/hand-over", { spreadMs: 0 });
    const { status } = await call("POST", "/hand-over", { spreadMs: 0 });
    expect(status).toBe(202);
    expect(await socket.nextOf("reconnect")).toMatchObject({ afterMs: 0 });
    socket.close();
  });

  it("of gateways alone asks hubs for their gateways' sockets, and no channel", async ({
    expect,
  }) => {
    await makeChannel();
    const asked = vi.fn(() => Promise.resolve());
    const askedHubs = vi.fn(() => Promise.resolve());
    Object.assign(env, {
      CHANNEL: { getByName: () => ({ handOver: asked }) },
      HUB: { getByName: () => ({ handOver: askedHubs }) },
    });
    const { body } = await call<HandedOver>("POST", "/hand-over", {
      spreadMs: 7,
      only: "gateways",
    });
    expect(body).toEqual({ channels: 0, next: null });
    expect(askedHubs).toHaveBeenCalledWith(7, false);
    expect(asked).not.toHaveBeenCalled();
  });

  it("is bounded in one request, and says where the next goes on", async ({ expect }) => {
    const statements = Array.from({ length: 2_050 }, (_, index) =>
      env.DB.prepare(
        `INSERT INTO channels (id, name, epoch, public, retention_days, mode, created_at, updated_at)
         VALUES (?, 'x', 'aaaaaaaaaa', 0, 30, 'always', 0, 0)`,
      ).bind(`a-${String(index).padStart(4, "0")}`),
    );
    await env.DB.batch(statements);
    const asked = vi.fn(() => Promise.resolve());
    const askedHubs = vi.fn(() => Promise.resolve());
    // So many objects need not be there.
    Object.assign(env, {
      CHANNEL: { getByName: () => ({ handOver: asked }) },
      HUB: { getByName: () => ({ handOver: askedHubs }) },
    });
    const first = await call<HandedOver>("POST", "/hand-over", {});
    expect(first.body).toEqual({ channels: 2_000, next: "a-1999" });
    expect(asked).toHaveBeenCalledTimes(2_000);
    const hubs = askedHubs.mock.calls.length;
    expect(hubs).toBeGreaterThan(0);
    const second = await call<HandedOver>("POST", "/hand-over", { after: first.body.next });
    expect(second.body).toMatchObject({ next: null });
    expect(second.body.channels).toBeGreaterThanOrEqual(50);
    // Whoever came back to a hub after the first request is not sent away again.
    expect(askedHubs).toHaveBeenCalledTimes(hubs);
    await env.DB.exec("DELETE FROM channels WHERE id GLOB 'a-*'");
  });
});
