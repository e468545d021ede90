import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it, vi } from "vitest";

import { listAlarms } from "../../../src/store/object/alarms.ts";
import { call, chat, makeChannel } from "../../support/api.ts";
import { dial, frameOf, post, tokenOf } from "../../support/gateways.ts";

interface Frame {
  readonly action: string;
  readonly timestamp: number;
  readonly payload: Record<string, unknown>;
}

describe("the Restream gateway", () => {
  it("beats at once, announces where events come from, and tells them", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await dial(`/gateways/restream/ws?accessToken=${await tokenOf(channel)}`);
    expect(await frameOf<Frame>(socket)).toMatchObject({ action: "heartbeat", payload: {} });
    await post(channel, { ...chat("m-1", "hello"), platform: "twitch" });
    const info = await frameOf<Frame>(socket);
    expect(info).toMatchObject({ action: "connection_info", payload: { status: "connected" } });
    const event = await frameOf<Frame>(socket);
    expect(event).toMatchObject({
      action: "event",
      payload: { eventPayload: { text: "hello" }, eventIdentifier: "m-1" },
    });
    expect(event.payload["connectionIdentifier"]).toBe(info.payload["connectionIdentifier"]);
    socket.close();
  });

  it("goes on where it was while its object sleeps, and swallows what it is sent", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const socket = await dial(`/ws?accessToken=${await tokenOf(channel)}`);
    await frameOf<Frame>(socket);
    await post(channel, chat("m-1", "before"));
    await frameOf<Frame>(socket);
    await frameOf<Frame>(socket);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    for (const noise of ['{"action":"ping"}', "nope", "[]", '"x"']) socket.send(noise);
    socket.sendBinary(new Uint8Array([1, 2, 3]));
    await post(channel, chat("m-2", "after"));
    expect(await frameOf<Frame>(socket)).toMatchObject({
      action: "event",
      payload: { eventPayload: { text: "after" } },
    });
    socket.close(1000, "bye");
    expect((await socket.closed).code).toBe(1000);
  });

  it("beats by an alarm, which goes with the last such socket", async ({ expect }) => {
    const channel = await makeChannel();
    const stub = env.CHANNEL.getByName(channel);
    const socket = await dial(`/ws?accessToken=${await tokenOf(channel)}`);
    await frameOf<Frame>(socket);
    await evictDurableObject(stub);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    vi.useRealTimers();
    expect(await frameOf<Frame>(socket)).toMatchObject({ action: "heartbeat", payload: {} });
    const { body } = await call<{ sockets: object }>("GET", `/channels/${channel}/status`);
    expect(body.sockets).toEqual({ count: 1, byProtocol: { restream: 1 } });
    await evictDurableObject(stub);
    socket.close();
    await socket.closed;
    const names = await runInDurableObject(stub, (_, { storage }) =>
      listAlarms(storage.sql).map(({ name }) => name),
    );
    expect(names).not.toContain("beat");
  });

  it("ends with its token, as a bad token does: with 1008", async ({ expect }) => {
    const refused = await dial("/ws?accessToken=nope");
    expect((await refused.closed).code).toBe(1008);
    const without = await dial("/ws");
    expect((await without.closed).code).toBe(1008);
    const channel = await makeChannel();
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "k",
      scopes: ["events:read"],
      channels: [channel],
    });
    const socket = await dial(`/ws?accessToken=${body.key}`);
    await frameOf<Frame>(socket);
    await call("DELETE", `/keys/${body.id}`);
    expect((await socket.closed).code).toBe(1008);
  });

  it("says that it is away, and nothing of the token, where the channel's object is", async ({
    expect,
  }) => {
    const token = await tokenOf(await makeChannel());
    const { CHANNEL } = env;
    const away = { fetch: () => Promise.reject(new Error("away")) };
    Object.assign(env, { CHANNEL: { getByName: () => away } });
    const socket = await dial(`/ws?accessToken=${token}`).finally(() => {
      Object.assign(env, { CHANNEL });
    });
    expect((await socket.closed).code).toBe(1013);
  });

  it("is reached by the first label of the host as well", async ({ expect }) => {
    const channel = await makeChannel();
    const token = await tokenOf(channel);
    const socket = await dial(`/ws?accessToken=${token}`, [], "https://restream.example.com");
    expect((await frameOf<Frame>(socket)).action).toBe("heartbeat");
    socket.close();
  });
});
