import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";

import { call, makeChannel, postNotes, textsOf } from "../../support/api.ts";
import { crowd } from "../../support/hubs.ts";
import { connect } from "../../support/sockets.ts";

describe("a native socket", () => {
  it("says hello first, with the newest position and the connections", async ({ expect }) => {
    const channel = await makeChannel();
    const [, id] = await postNotes(channel, ["a", "b"]);
    const socket = await connect(channel);
    const hello = await socket.next();
    expect(hello).toMatchObject({
      type: "hello",
      channel,
      position: id,
      connections: [],
      pingIntervalMs: 25_000,
    });
    expect(hello["session"]).toEqual(expect.any(String));
    socket.close();
  });

  it("begins at now, and needs to say nothing to receive", async ({ expect }) => {
    const channel = await makeChannel();
    await postNotes(channel, ["earlier"]);
    const socket = await connect(channel);
    await socket.nextOf("hello");
    await postNotes(channel, ["later"]);
    expect(textsOf(await socket.events(1))).toEqual(["later"]);
    socket.close();
  });

  it("answers a ping with a pong", async ({ expect }) => {
    const socket = await connect(await makeChannel());
    await socket.nextOf("hello");
    socket.send('{"type":"ping"}');
    socket.send({ type: "ping", extra: true });
    expect(await socket.next()).toEqual({ type: "pong" });
    expect(await socket.next()).toEqual({ type: "pong" });
    socket.close();
  });

  it("keeps its filter and its place while its object sleeps", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel, "?types=custom.loud");
    await socket.nextOf("hello");
    const post = (type: string, text: string) =>
      call("POST", `/channels/${channel}/events`, { type, data: { text } });
    await post("custom.loud", "before");
    expect(textsOf(await socket.events(1))).toEqual(["before"]);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    await post("custom.quiet", "unheard");
    await post("custom.loud", "after");
    expect(textsOf(await socket.events(1))).toEqual(["after"]);
    socket.close();
  });

  it("tells of ranges without a hole, also where the filter leaves nothing", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel, "?types=custom.loud");
    const hello = await socket.nextOf("hello");
    const bounds: string[] = [String(hello["position"])];
    for (const type of ["custom.loud", "custom.quiet", "custom.quiet", "custom.loud"]) {
      await call("POST", `/channels/${channel}/events`, { type, data: {} });
    }
    for (let heard = 0; heard < 2;) {
      const frame = await socket.nextOf("events");
      expect(frame.from).toBe(bounds.at(-1));
      bounds.push(frame.to);
      heard += frame.events.length;
    }
    expect(bounds.at(-1)).toMatch(/-4$/);
    socket.close();
  });

  it("changes its filter on the fly, and may go back with it", async ({ expect }) => {
    const channel = await makeChannel();
    const [first] = await postNotes(channel, ["a", "b", "c"]);
    const socket = await connect(channel, "?types=custom.other");
    await socket.nextOf("hello");
    socket.send({ type: "subscribe", id: 7, types: ["custom.*"], after: first });
    expect(await socket.nextOf("result")).toMatchObject({ id: 7, ok: true });
    expect(textsOf(await socket.events(2))).toEqual(["b", "c"]);
    await postNotes(channel, ["d"]);
    expect(textsOf(await socket.events(1))).toEqual(["d"]);
    socket.close();
  });

  it("speaks bare CloudEvents where they were asked for, and nothing else", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel, "", { protocols: ["cloudevents.json"] });
    expect(socket.protocol).toBe("cloudevents.json");
    await postNotes(channel, ["a", "b"]);
    expect(await socket.next()).toMatchObject({ specversion: "1.0", data: { text: "a" } });
    expect(await socket.next()).toMatchObject({ specversion: "1.0", data: { text: "b" } });
    socket.close();
  });

  it("is answered its close frame", async ({ expect }) => {
    const socket = await connect(await makeChannel());
    await socket.nextOf("hello");
    socket.close(1000, "bye");
    expect((await socket.closed).code).toBe(1000);
  });

  it("is told of every bad frame, and closed at the tenth", async ({ expect }) => {
    const socket = await connect(await makeChannel());
    await socket.nextOf("hello");
    const bad = ["nope", "[]", "null", '{"type":"nonsense","id":"x"}', `"${"x".repeat(20_000)}"`];
    for (const frame of [...bad, ...bad]) socket.send(frame);
    const codes: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      const frame = await socket.nextOf("result");
      expect(frame["ok"]).toBe(false);
      codes.push([frame["id"], (frame["error"] as { code: string }).code]);
    }
    expect(codes.slice(0, 5)).toEqual([
      [null, "bad_frame"],
      [null, "bad_frame"],
      [null, "bad_frame"],
      ["x", "unknown_type"],
      [null, "frame_too_large"],
    ]);
    expect((await socket.closed).code).toBe(4009);
  });

  it("says what it cannot be written to, and what it may not do", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ token: string }>("POST", `/channels/${channel}/tokens`, {
      scopes: ["events:read", "chat:write"],
      ttlSeconds: 60,
    });
    const socket = await connect(channel, `?token=${body.token}`, { key: null });
    await socket.nextOf("hello");
    socket.send({ type: "send", id: "s1", text: "hi", kind: "text" });
    socket.send({ type: "interface", id: "i1", interface: {} });
    expect(await socket.nextOf("result")).toMatchObject({
      id: "s1",
      ok: false,
      error: { code: "not_writable", retryable: false },
    });
    expect(await socket.nextOf("result")).toMatchObject({
      id: "i1",
      ok: false,
      error: { code: "forbidden" },
    });
    socket.close();
  });

  it("is told the channel's status", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    socket.send({ type: "status", id: 1 });
    const { data } = await socket.nextOf("result");
    expect(data).toMatchObject({
      channel,
      sockets: { count: 1, byProtocol: { "tributary.v1": 1 } },
    });
    socket.close();
  });

  it("is asked to come back before a planned end", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    await call("POST", "/hand-over", { spreadMs: 100 });
    const { afterMs } = await socket.nextOf("reconnect");
    expect(afterMs).toBeGreaterThanOrEqual(0);
    expect(afterMs).toBeLessThan(100);
    socket.close();
  });

  it("is told at its beginning within which time to come back, should it be cut", async ({
    expect,
  }) => {
    const socket = await connect(await makeChannel());
    expect(await socket.nextOf("hello")).toMatchObject({ limits: { reconnectWithinMs: 5_000 } });
    socket.close();
  });

  it("is left alone where only gateways' clients are asked to come back", async ({ expect }) => {
    for (const sockets of [2_000, 0]) {
      crowd(sockets);
      const channel = await makeChannel();
      const socket = await connect(channel);
      await socket.nextOf("hello");
      const { status } = await call("POST", "/hand-over", { only: "gateways" });
      expect(status).toBe(202);
      await postNotes(channel, ["a"]);
      expect((await socket.next()).type).toBe("events");
      socket.close();
    }
    crowd(2_000);
  });

  it("that its object cannot tell any more is sent away, and the others stay", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const stub = env.CHANNEL.getByName(channel);
    const [lost, kept] = [await connect(channel), await connect(channel)];
    await lost.nextOf("hello");
    await kept.nextOf("hello");
    await runInDurableObject(stub, (_, ctx) => {
      const [first] = ctx.getWebSockets();
      first?.serializeAttachment(null);
    });
    await evictDurableObject(stub);
    await postNotes(channel, ["after"]);
    const [first, second] = [lost, kept].map(async (socket) => (await socket.closed).code);
    expect(await Promise.race([first, second])).toBe(4200);
    expect(await call("GET", `/channels/${channel}/status`)).toMatchObject({
      body: { sockets: { count: 1 } },
    });
    lost.close();
    kept.close();
  });
});
