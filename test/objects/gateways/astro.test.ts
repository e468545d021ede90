import { afterEach, beforeEach, describe, it } from "vitest";

import { call, chat, makeChannel } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { dial, frameOf, post, tokenOf } from "../../support/gateways.ts";
import { evictChannel, evictEveryHub, evictHubs } from "../../support/hubs.ts";
import type { TestSocket } from "../../support/sockets.ts";

interface Frame {
  readonly id: string;
  readonly type: string;
  readonly error?: string;
  readonly topic?: string;
  readonly room?: string;
  readonly data: {
    readonly message_id?: string;
    readonly message: unknown;
    readonly room?: string;
    readonly reconnect_token?: string;
  };
}

const CHAT = "channel.chat.message";

async function enter(path = "/gateways/astro/"): Promise<TestSocket> {
  const socket = await dial(path);
  const welcome = await frameOf<Frame>(socket);
  if (welcome.type !== "welcome") throw new Error(`no welcome: ${JSON.stringify(welcome)}`);
  return socket;
}

/** Subscribes, and answers with what came of it. */
async function subscribe(socket: TestSocket, topic: string, data: object): Promise<Frame> {
  socket.send({ type: "subscribe", nonce: topic, data: { topic, token_type: "jwt", ...data } });
  return frameOf<Frame>(socket);
}

function says(id: string): object {
  return { ...chat(id, `text of ${id}`), platform: "twitch" };
}

async function messages(socket: TestSocket, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  while (frames.length < count) {
    const frame = await frameOf<Frame>(socket);
    if (frame.type === "message") frames.push(frame);
  }
  return frames;
}

function idsIn(frames: readonly Frame[], room: string): unknown[] {
  return frames.filter((frame) => frame.room === room).map(({ data }) => data.message_id);
}

const named = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `${prefix}-${from + at}`);

describe("the Astro gateway", () => {
  it("tells of several rooms on one socket, each subscribed with its own token", async ({
    expect,
  }) => {
    const [one, two] = [await makeChannel(), await makeChannel()];
    const socket = await enter();
    for (const room of [one, two]) {
      const answer = await subscribe(socket, CHAT, { token: await tokenOf(room) });
      expect(answer).toMatchObject({
        type: "response",
        nonce: CHAT,
        data: { message: "successfully subscribed to topic", topic: CHAT, room },
      });
    }
    await post(one, says("a"));
    await post(two, says("b"));
    await post(one, says("c"));
    const frames = await messages(socket, 3);
    expect([idsIn(frames, one), idsIn(frames, two)]).toEqual([["a", "c"], ["b"]]);
    await evictHubs(one);
    socket.send({ type: "unsubscribe", data: { topic: CHAT, room: one } });
    expect(await frameOf<Frame>(socket)).toMatchObject({ data: { room: one } });
    await post(one, says("d"));
    await post(two, says("e"));
    expect(await messages(socket, 1)).toMatchObject([{ room: two, data: { message_id: "e" } }]);
    socket.close(1000, "bye");
    expect((await socket.closed).code).toBe(1000);
  });

  it("loses, repeats and reorders nothing while hub and channel sleep in mid-burst", async ({
    expect,
  }) => {
    const [one, two] = [await makeChannel(), await makeChannel()];
    const socket = await enter();
    for (const room of [one, two]) await subscribe(socket, CHAT, { token: await tokenOf(room) });
    const burst = (from: number, to: number) =>
      Promise.all([
        post(one, ...named("a", from, to).map(says)),
        post(two, ...named("b", from, to).map(says)),
      ]);
    await burst(0, 40);
    await evictHubs(one);
    await burst(40, 80);
    await evictChannel(one);
    const during = burst(80, 120);
    await evictHubs(two);
    await during;
    await evictChannel(two);
    await evictHubs(one);
    await burst(120, 160);
    const frames = await messages(socket, 320);
    expect(idsIn(frames, one)).toEqual(named("a", 0, 160));
    expect(idsIn(frames, two)).toEqual(named("b", 0, 160));
    expect(new Set(frames.map(({ id }) => id)).size).toBe(320);
    expect(socket.unread).toEqual([]);
    socket.close();
  });

  it("has all topics of a room asked for at once, while things happen there", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const token = await tokenOf(channel);
    const socket = await enter();
    const topics = [CHAT, "channel.activities", "channel.tips", "channel.stream.status"];
    for (const topic of topics) socket.send({ type: "subscribe", data: { topic, token } });
    const ids = named("m", 0, 30);
    for (const id of ids) await post(channel, says(id));
    await evictHubs(channel);
    await post(channel, says("last"));
    const heard: unknown[] = [];
    let answers = 0;
    while (heard.at(-1) !== "last") {
      const frame = await frameOf<Frame>(socket);
      if (frame.type === "response") answers += 1;
      else heard.push(frame.data.message_id);
    }
    expect(answers).toBe(4);
    // From wherever it was let in, there is no hole.
    expect(heard).toEqual([...ids, "last"].slice(-heard.length));
    socket.close();
  });

  it("hands over with a token, and both sockets tell the same", async ({ expect }) => {
    const channel = await makeChannel();
    const old = await enter();
    await subscribe(old, CHAT, { token: await tokenOf(channel) });
    // What is done before a deploy: only these need it.
    await call("POST", "/hand-over", { only: "gateways" });
    const { type, data } = await frameOf<Frame>(old);
    expect(type).toBe("reconnect");
    const token = encodeURIComponent(data.reconnect_token ?? "");
    const next = await enter(`/?reconnect_token=${token}`);
    await evictHubs(channel);
    await post(channel, says("a"), says("b"));
    const frames = await messages(next, 2);
    expect(idsIn(frames, channel)).toEqual(["a", "b"]);
    expect(await messages(old, 2)).toEqual(frames);
    old.close();
    await old.closed;
    await post(channel, says("c"));
    expect(idsIn(await messages(next, 1), channel)).toEqual(["c"]);
    next.close();
    const bad = await dial("/gateways/astro?reconnect_token=nope");
    expect((await bad.closed).code).toBe(1008);
  });

  it("is reached by its path, its host and any host's root", async ({ expect }) => {
    const channel = await makeChannel();
    const token = await tokenOf(channel);
    const ways: [string, string][] = [
      ["/gateways/astro", "https://relay.test"],
      ["/", "https://astro.example.com"],
      ["/", "https://relay.test"],
    ];
    for (const [path, origin] of ways) {
      const socket = await dial(path, [], origin);
      expect((await frameOf<Frame>(socket)).type).toBe("welcome");
      await evictEveryHub();
      expect((await subscribe(socket, CHAT, { token })).data.room).toBe(channel);
      socket.close();
    }
  });

  it("answers what is none of its frames in its own words, and goes on", async ({ expect }) => {
    const [channel, other] = [await makeChannel(), await makeChannel()];
    const token = await tokenOf(channel);
    const socket = await enter();
    socket.send("nope");
    expect((await frameOf<Frame>(socket)).error).toBe("err_bad_request");
    socket.send(JSON.stringify({ type: "subscribe", pad: "m".repeat(40_000) }));
    expect((await frameOf<Frame>(socket)).error).toBe("err_bad_request");
    socket.sendBinary(new Uint8Array([1, 2, 3]));
    expect((await subscribe(socket, CHAT, { token: "nope" })).error).toBe("err_unauthorized");
    expect((await subscribe(socket, CHAT, { token, room: other })).error).toBe("err_unauthorized");
    expect((await subscribe(socket, "channel.nope", { token })).error).toBe("err_bad_request");
    await evictEveryHub();
    expect((await subscribe(socket, CHAT, { token })).error).toBeUndefined();
    await post(channel, says("a"));
    expect(await messages(socket, 1)).toHaveLength(1);
    socket.close();
  });

  it("ends with a credential that is revoked", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "k",
      scopes: ["events:read"],
      channels: [channel],
    });
    const socket = await enter();
    await subscribe(socket, CHAT, { token: body.key });
    await evictHubs(channel);
    await call("DELETE", `/keys/${body.id}`);
    expect((await socket.closed).code).toBe(1008);
  });
});

describe("the Astro gateway of a channel with an Astro", () => {
  const astro = new Emulated("astro");
  let channel = "";
  beforeEach(() => astro.reset());
  afterEach(async () => {
    await call("DELETE", `/channels/${channel}`);
  });

  it("passes on what is said and done there", async ({ expect }) => {
    channel = await makeChannel();
    const socket = await enter();
    const token = await tokenOf(channel);
    await subscribe(socket, CHAT, { token });
    await subscribe(socket, "channel.activities", { token });
    await astro.link(channel);
    await astro.until("subscriptions>=3");
    await astro.do({ action: "chat", platform: "twitch", text: "hello from there" });
    const [frame] = await messages(socket, 1);
    expect(frame).toMatchObject({
      topic: CHAT,
      room: channel,
      data: { message: { text: "hello from there" } },
    });
    socket.close();
    await socket.closed;
  });
});
