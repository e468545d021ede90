import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, it } from "vitest";

import { call, chat, makeChannel, numbers, postNotes, textsOf } from "../../support/api.ts";
import { crowd, everyHub, evictHubs, hubsOf, socketsOf } from "../../support/hubs.ts";
import { connect, type TestSocket, upgrade } from "../../support/sockets.ts";

// Every channel of these tests is too crowded for a socket of its own.
beforeEach(() => crowd(0));

describe("a native socket in a hub", () => {
  it("begins as any other, and hears what comes", async ({ expect }) => {
    const channel = await makeChannel();
    const [id] = await postNotes(channel, ["before"]);
    const socket = await connect(channel);
    const hello = { type: "hello", channel, position: id, connections: [], pingIntervalMs: 25_000 };
    expect(await socket.next()).toMatchObject(hello);
    await evictHubs(channel);
    const ids = await postNotes(channel, ["after"]);
    expect(await socket.next()).toMatchObject({ type: "events", from: id, to: ids[0] });
    const own = await runInDurableObject(env.CHANNEL.getByName(channel), (_, state) =>
      state.getWebSockets(),
    );
    expect(own).toEqual([]);
    socket.close();
    expect((await socket.closed).code).toBe(1000);
  });

  it("gives the last events that its filter lets through, and then those alone", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    await postNotes(channel, numbers(1, 5));
    await call("POST", `/channels/${channel}/events`, [chat("m-1", "hi")]);
    const socket = await connect(channel, "?rewind=3&types=custom.*");
    expect(textsOf(await socket.events(3))).toEqual(numbers(3, 5));
    await call("POST", `/channels/${channel}/events`, [chat("m-2", "ho")]);
    await postNotes(channel, ["n6"]);
    expect(textsOf(await socket.events(1))).toEqual(["n6"]);
    socket.close();
  });

  it("has its commands answered as elsewhere", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    socket.send({ type: "ping" });
    expect(await socket.next()).toEqual({ type: "pong" });
    socket.send({ type: "status", id: 1 });
    const { data: status } = await socket.nextOf("result");
    expect(status).toMatchObject({
      channel,
      sockets: { count: 1, byProtocol: { "tributary.v1": 1 } },
    });
    socket.send({ type: "send", id: 2, text: "hello", kind: "text", to: ["dlive:nobody"] });
    expect(await socket.nextOf("result")).toMatchObject({
      id: 2,
      ok: false,
      error: { code: "connection_not_found" },
    });
    socket.send({ type: "interface", id: 3, interface: { id: "no blanks here" } });
    expect(await socket.nextOf("result")).toMatchObject({
      id: 3,
      ok: false,
      error: { code: "bad_content" },
    });
    const [id] = await postNotes(channel, ["a", "b"]);
    await socket.events(2);
    socket.send({ type: "subscribe", id: 4, types: "custom.*", after: id });
    expect(await socket.nextOf("result")).toMatchObject({ id: 4, ok: true });
    expect(textsOf(await socket.events(1))).toEqual(["b"]);
    socket.send("nope");
    expect(await socket.nextOf("result")).toMatchObject({ id: null, ok: false });
    socket.close();
  });

  it("hears the provider's words where it asked for them", async ({ expect }) => {
    const channel = await makeChannel();
    const [first] = await postNotes(channel, ["a"]);
    const socket = await connect(channel, `?raw=true&after=${first}`);
    await postNotes(channel, ["b"]);
    expect(textsOf(await socket.events(1))).toEqual(["b"]);
    socket.close();
  });

  it("may come with a ticket, which is good for once", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ ticket: string }>("POST", `/channels/${channel}/tickets`, {
      scopes: ["events:read"],
    });
    const protocols = ["tributary.v1", `ticket.${body.ticket}`];
    const socket = await connect(channel, "", { key: null, protocols });
    expect((await socket.next()).type).toBe("hello");
    const again = await upgrade(`/channels/${channel}/socket`, { key: null, protocols });
    expect(again.status).toBe(401);
    socket.close();
  });

  it("may be a stream of Server-Sent Events", async ({ expect }) => {
    const channel = await makeChannel();
    const response = await upgrade(`/channels/${channel}/stream?rewind=1`, {
      headers: { upgrade: "" },
    });
    expect(response.status).toBe(200);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const [id] = await postNotes(channel, ["a"]);
    let text = "";
    while (!text.includes("\n\n") || !text.includes("custom.note")) {
      text += (await reader?.read())?.value ?? "";
    }
    expect(text).toContain(`id: ${id}`);
    await reader?.cancel();
  });

  it("is closed with 4001 when its key is revoked", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "k",
      scopes: ["events:read"],
      channels: [channel],
    });
    const socket = await connect(channel, "", { key: body.key });
    await socket.nextOf("hello");
    await evictHubs(channel);
    await call("DELETE", `/keys/${body.id}`);
    expect((await socket.closed).code).toBe(4001);
  });

  it("is refused when its key was revoked while it was being let in", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "k",
      scopes: ["events:read"],
      channels: [channel],
    });
    // The door has looked at it before, and the hubs have heard of it since.
    for (const hub of everyHub()) await hub.dismiss(`key:${body.id}`);
    const refused = await upgrade(`/channels/${channel}/socket`, { key: body.key });
    expect(refused.status).toBe(401);
  });

  it("is closed with 4004 when its channel is taken away", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    await evictHubs(channel);
    await call("DELETE", `/channels/${channel}`);
    expect((await socket.closed).code).toBe(4004);
    expect((await upgrade(`/channels/${channel}/socket`)).status).toBe(404);
  });

  it("is asked to come back, on a new socket, before a planned end", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    await call("POST", "/hand-over", { spreadMs: 0 });
    expect(await socket.nextOf("reconnect")).toEqual({ type: "reconnect", afterMs: 0 });
    socket.close();
  });
});

describe("a hub that is lost", () => {
  it("closes its sockets, which go on where they were on new ones", async ({ expect }) => {
    const channel = await makeChannel();
    const before = await connect(channel);
    await postNotes(channel, numbers(1, 30));
    const heard = await before.events(30);
    const [hub = ""] = await hubsOf(channel);
    const lost = runInDurableObject(env.HUB.getByName(hub), (_, state) => state.abort());
    await lost.catch(() => {});
    expect((await before.closed).code).toBe(1006);
    await postNotes(channel, numbers(31, 40));
    const after = await connect(channel, `?after=${heard.at(-1)?.id}`);
    expect(textsOf(await after.events(10))).toEqual(numbers(31, 40));
    after.close();
  });
});

describe("a channel whose object is full", () => {
  it("fills one hub after the other, and the last of them takes what comes", async ({ expect }) => {
    crowd(1);
    const channel = await makeChannel();
    const all: TestSocket[] = [];
    const hubs: number[] = [];
    for (let count = 0; count < 7; count++) {
      all.push(await connect(channel));
      hubs.push((await hubsOf(channel)).length);
    }
    expect(hubs).toEqual([0, 1, 2, 3, 4, 4, 4]);
    await postNotes(channel, ["a"]);
    for (const socket of all) expect(textsOf(await socket.events(1))).toEqual(["a"]);
    expect((await socketsOf(channel)).count).toBe(7);
    for (const socket of all) socket.close();
  });

  it("has its next sockets in hubs, and all of them hear the same", async ({ expect }) => {
    crowd(2);
    const channel = await makeChannel();
    const all: TestSocket[] = [];
    for (let count = 0; count < 8; count++) all.push(await connect(channel));
    await postNotes(channel, numbers(1, 20));
    for (const socket of all) expect(textsOf(await socket.events(20))).toEqual(numbers(1, 20));
    const own = await runInDurableObject(
      env.CHANNEL.getByName(channel),
      (_, state) => state.getWebSockets().length,
    );
    expect(own).toBe(2);
    expect(await socketsOf(channel)).toEqual({ count: 8, byProtocol: { "tributary.v1": 8 } });
    for (const socket of all) socket.close();
    for (const socket of all) await socket.closed;
    expect((await socketsOf(channel)).count).toBe(0);
  });
});
