import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it } from "vitest";

import { call, chat, makeChannel } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { dial, frameOf, knock, post, tokenOf } from "../../support/gateways.ts";
import type { TestSocket } from "../../support/sockets.ts";

interface Frame {
  readonly type: string;
  readonly text: string;
  readonly account_id: number;
  readonly accounts: Record<string, { name: string; live: boolean; writable: boolean }>;
}

const ALL = ["events:read", "chat:write"];

/** The next frame of a type; those before it are passed over. */
async function nextOf(socket: TestSocket, ...types: string[]): Promise<Frame> {
  for (;;) {
    const frame = await frameOf<Frame>(socket);
    if (types.includes(frame.type)) return frame;
  }
}

async function words(socket: TestSocket, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) texts.push((await nextOf(socket, "text")).text);
  return texts;
}

async function enter(channel: string, name: string, scopes = ALL): Promise<TestSocket> {
  const token = await tokenOf(channel, scopes, { subject: `u-${name}`, name });
  return dial(`/gateways/multistreamer/ws/${channel}?token=${token}`);
}

describe("the multistreamer gateway", () => {
  it("refuses who had a token of an earlier channel with the same id", async ({ expect }) => {
    const channel = await makeChannel();
    const token = await tokenOf(channel);
    const before = await dial(`/ws/${channel}?token=${token}`);
    await call("DELETE", `/channels/${channel}`);
    expect((await before.closed).code).toBe(1001);
    await call("POST", "/channels", { id: channel });
    expect((await knock(`/ws/${channel}?token=${token}`)).status).toBe(403);
    const after = await dial(`/ws/${channel}?token=${await tokenOf(channel)}`);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    after.send({ type: "status" });
    expect(await after.nextText()).toContain('"status"');
    after.close();
  });

  it("refuses before the upgrade, with 403, whoever may not read the stream", async ({
    expect,
  }) => {
    const [channel, other] = [await makeChannel(), await makeChannel()];
    const token = await tokenOf(channel);
    const refusals = [
      `/ws/${channel}`,
      `/ws/${channel}?token=`,
      `/ws/${channel}?token=nope`,
      `/ws/${other}?token=${token}`,
      `/ws/no-such-channel?token=${token}`,
      `/gateways/multistreamer/ws/${channel}?token=${await tokenOf(channel, ["chat:write"])}`,
    ];
    for (const path of refusals) {
      const response = await knock(path);
      expect(response.status).toBe(403);
      expect(response.headers.get("content-type")).toContain("text/plain");
      expect(await response.text()).toBe("Not authorized");
    }
  });

  it("is reached by the stream's number, on its own path and by its host", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ number: number }>("GET", `/channels/${channel}`);
    const path = `/ws/${body.number}?token=${await tokenOf(channel)}`;
    for (const origin of ["https://relay.test", "https://multistreamer.example.com"]) {
      const socket = await dial(path, ["chat"], origin);
      expect(socket.protocol).toBe("chat");
      await evictDurableObject(env.CHANNEL.getByName(channel));
      socket.send({ type: "status" });
      expect(await frameOf(socket)).toMatchObject({ type: "status", accounts: { "0": {} } });
      socket.close();
    }
  });

  it("says nothing until it is asked, and goes on where it was after its object slept", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const stub = env.CHANNEL.getByName(channel);
    const [socket, reader] = [
      await enter(channel, "john"),
      await enter(channel, "mo", ALL.slice(0, 1)),
    ];
    const texts = Array.from({ length: 60 }, (_, at) => `line ${at}`);
    const posts = texts.map((text, at) => ({ ...chat(`m-${at}`, text), platform: "twitch" }));
    await post(channel, ...posts.slice(0, 20));
    await evictDurableObject(stub);
    await post(channel, ...posts.slice(20, 40));
    socket.send({ type: "text", account_id: 0, cur_stream_account_id: 0, text: "from the room" });
    const heard = await words(reader, 41);
    await evictDurableObject(stub);
    await post(channel, ...posts.slice(40));
    const wanted = [...texts.slice(0, 40), "from the room", ...texts.slice(40)];
    expect([...heard, ...(await words(reader, 20))]).toEqual(wanted);
    expect(await words(socket, 61)).toEqual(wanted);
    expect(reader.unread).toEqual([]);
    const { body } = await call<{ events: object[] }>(
      "GET",
      `/channels/${channel}/events?limit=500`,
    );
    expect(body.events).toHaveLength(61);
    socket.close(1000, "bye");
    expect((await socket.closed).code).toBe(1000);
    reader.close();
  });

  it("passes on private messages between users of the channel, also after a sleep", async ({
    expect,
  }) => {
    const channel = await makeChannel();
    const [john, mo, other] = [
      await enter(channel, "john"),
      await enter(channel, "mo"),
      await enter(channel, "other"),
    ];
    await evictDurableObject(env.CHANNEL.getByName(channel));
    const say = (text: string) => ({ type: "text", account_id: 0, cur_stream_account_id: 0, text });
    john.send(say("/msg nobody are you there"));
    john.send(say("/msg mo hey"));
    const frame = await frameOf<Frame>(mo);
    expect(frame).toMatchObject({ text: "hey", from: { name: "john" }, to: { name: "mo" } });
    expect(await frameOf(john)).toEqual(frame);
    john.send(say("to all"));
    for (const each of [john, mo, other]) {
      expect(await frameOf(each)).toMatchObject({ text: "to all", account_id: 0 });
      each.close();
    }
    const { body } = await call<{ events: object[] }>("GET", `/channels/${channel}/events`);
    expect(body.events).toMatchObject([{ data: { message: { text: "to all" } } }]);
  });

  it("cuts off who sends what is none of its frames, and nobody else", async ({ expect }) => {
    const channel = await makeChannel();
    const calm = await enter(channel, "calm");
    const [mute, long, binary] = [
      await enter(channel, "a"),
      await enter(channel, "b"),
      await enter(channel, "c"),
    ];
    await evictDurableObject(env.CHANNEL.getByName(channel));
    mute.send("hello");
    long.send(`"${"m".repeat(70_000)}"`);
    binary.sendBinary(new Uint8Array([1, 2]));
    expect((await mute.closed).code).toBe(1008);
    expect((await long.closed).code).toBe(1009);
    await post(channel, chat("m-1", "still here"));
    for (const each of [binary, calm]) {
      expect((await nextOf(each, "text")).text).toBe("still here");
      each.close();
    }
  });

  it("ends with its token", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "k",
      scopes: ["events:read"],
      channels: [channel],
    });
    const socket = await dial(`/ws/${channel}?token=${body.key}`);
    await evictDurableObject(env.CHANNEL.getByName(channel));
    await call("DELETE", `/keys/${body.id}`);
    expect((await socket.closed).code).toBe(1008);
  });
});

describe("the multistreamer gateway of a channel with a multistreamer", () => {
  const multistreamer = new Emulated("multistreamer");
  let channel = "";
  beforeEach(() => multistreamer.reset());
  afterEach(async () => {
    await call("DELETE", `/channels/${channel}`);
  });

  /** A status in which an account is what a test waits for. */
  async function statusWith(
    socket: TestSocket,
    isIt: (accounts: Frame["accounts"]) => boolean,
  ): Promise<Frame> {
    for (;;) {
      const frame = await nextOf(socket, "status");
      if (isIt(frame.accounts)) return frame;
    }
  }

  it("tells of its accounts by their own numbers, and says what is said to them", async ({
    expect,
  }) => {
    channel = await makeChannel();
    const socket = await enter(channel, "john");
    await multistreamer.link(channel);
    const { accounts } = await statusWith(socket, (told) => told["12"]?.live === true);
    expect(accounts["12"]).toMatchObject({ writable: true, network: { name: "twitch" } });
    socket.send({ type: "writer", account_id: 18, cur_stream_account_id: "12" });
    expect(await nextOf(socket, "writerresult")).toEqual({
      type: "writerresult",
      account_id: 18,
      cur_stream_account_id: 12,
    });
    socket.send({ type: "text", account_id: 18, cur_stream_account_id: 12, text: "hello there" });
    expect(await nextOf(socket, "text")).toMatchObject({
      account_id: 12,
      network: "twitch",
      text: "hello there",
    });
    const { posted } = await multistreamer.truth();
    expect(posted).toMatchObject([{ text: "hello there", accountId: 18, fate: "network" }]);
    await multistreamer.do({ action: "end" });
    await statusWith(socket, (told) => Object.keys(told).length === 1);
    socket.close();
    await socket.closed;
  });

  it("tells of an account by the same number after everything began anew", async ({ expect }) => {
    channel = await makeChannel();
    await multistreamer.link(channel);
    const first = await enter(channel, "john");
    first.send({ type: "status" });
    await statusWith(first, (told) => told["12"] !== undefined);
    await abortAllDurableObjects();
    const again = await enter(channel, "john");
    again.send({ type: "status" });
    const { accounts } = await statusWith(again, (told) => told["12"] !== undefined);
    expect(accounts["12"]).toMatchObject({ network: { name: "twitch" } });
    again.close();
  });
});
