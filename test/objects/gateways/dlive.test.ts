import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { call, chat, makeChannel } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { dial, frameOf, knock, post, tokenOf } from "../../support/gateways.ts";
import type { TestSocket } from "../../support/sockets.ts";

interface Item {
  readonly type: string;
  readonly content?: string;
  readonly sender?: { readonly username: string; readonly displayname: string };
}

interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly payload: {
    readonly data: {
      readonly streamMessageReceived?: readonly Item[];
      readonly treasureChestMessageReceived?: Item;
    };
  };
}

const hubs = () =>
  Array.from({ length: Number(env.HUBS) }, (_, index) => env.HUB.getByName(`hub-${index}`));

/** Lets every hub sleep, whichever has the socket, and whether or not it follows a channel. */
async function evictHubs(): Promise<void> {
  const evicted = hubs().map(async (hub) => {
    // One that is not awake cannot be put to sleep.
    await runInDurableObject(hub, () => {});
    await evictDurableObject(hub);
  });
  await Promise.all(evicted);
}

const start = (streamer: string, id?: string, field = "streamMessageReceived") => ({
  ...(id !== undefined && { id }),
  type: "start",
  payload: { query: `subscription{${field}(streamer:"${streamer}"){__typename}}` },
});

/** A socket that has been greeted. */
async function greeted(authorization?: string, path = "/"): Promise<TestSocket> {
  const socket = await dial(path, ["graphql-ws"]);
  const payload = authorization === undefined ? {} : { authorization };
  socket.send({ type: "connection_init", payload });
  for (const type of ["connection_ack", "ka"]) {
    const text = await socket.nextText();
    if (text !== JSON.stringify({ type })) throw new Error(`greeted with ${text}`);
  }
  return socket;
}

/** Starts an operation, and sees to it that its events come: a follow is not answered on the wire. */
async function follow(socket: TestSocket, channel: string, id?: string): Promise<void> {
  socket.send(start(channel, id));
  for (let i = 0; ; i += 1) {
    await post(channel, chat(`begin-${i}`, "begin"));
    // What is asked after it is answered after it.
    socket.send({ type: "stop", id: "echo" });
    socket.send(start("no such channel", "echo"));
    const seen: string[] = [];
    for (;;) {
      const frame = await frameOf<Frame>(socket);
      if (frame.type === "error") break;
      seen.push(...textsIn(frame));
    }
    if (seen.includes("begin")) return;
  }
}

function textsIn(frame: Frame): string[] {
  // A slow machine hears a heartbeat in between.
  if (frame.type === "ka") return [];
  return frame.payload.data.streamMessageReceived?.map(({ content }) => content ?? "") ?? [];
}

/** The next so many texts, with the operation that each came for; what was said to begin is passed over. */
async function texts(socket: TestSocket, count: number): Promise<string[]> {
  const heard: string[] = [];
  while (heard.length < count) {
    const frame = await frameOf<Frame>(socket);
    for (const text of textsIn(frame)) {
      if (text !== "begin") heard.push(`${frame.id ?? "-"} ${text}`);
    }
  }
  return heard;
}

const say = (channel: string, text: string) => post(channel, chat(`m-${text}`, text));

describe("the DLive gateway", () => {
  it("greets, and tells what happens on several channels, each by its own operation", async ({
    expect,
  }) => {
    const [one, two] = [await makeChannel(), await makeChannel({ public: true })];
    const socket = await greeted(await tokenOf(one));
    await follow(socket, one, "1");
    await follow(socket, two, "2");
    socket.send(start(one, "3", "treasureChestMessageReceived"));
    await say(one, "a");
    await say(two, "b");
    await say(one, "c");
    expect((await texts(socket, 3)).toSorted()).toEqual(["1 a", "1 c", "2 b"]);
    await post(one, { type: "chest.giveaway.ended", data: {} });
    expect(await frameOf<Frame>(socket)).toMatchObject({
      id: "3",
      payload: { data: { treasureChestMessageReceived: { type: "GiveawayEnded" } } },
    });
    await evictHubs();
    await say(one, "d");
    expect(await texts(socket, 1)).toEqual(["1 d"]);
    socket.close();
    expect((await socket.closed).code).toBe(1000);
  });

  it("loses, repeats and reorders nothing while its hub and the channels sleep", async ({
    expect,
  }) => {
    const channels = [await makeChannel({ public: true }), await makeChannel({ public: true })];
    const socket = await greeted();
    for (const [index, channel] of channels.entries()) await follow(socket, channel, `${index}`);
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const evictChannels = () =>
      Promise.all(channels.map((channel) => evictDurableObject(env.CHANNEL.getByName(channel))));
    for (const n of numbers) {
      for (const channel of channels) await say(channel, String(n));
      if (n % 4 === 0) await evictHubs();
      if (n % 4 === 1) await evictChannels();
      if (n % 4 === 2) await Promise.all([evictHubs(), evictChannels()]);
    }
    const heard = await texts(socket, numbers.length * channels.length);
    for (const [index] of channels.entries()) {
      const own = heard.filter((text) => text.startsWith(`${index} `));
      expect(own).toEqual(numbers.map((n) => `${index} ${n}`));
    }
    await say(channels[0] ?? "", "last");
    expect(await texts(socket, 1)).toEqual(["0 last"]);
    socket.close();
  });

  it("takes a start without an id, before the ack, with the streamer in a variable", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const socket = await dial("/gateways/dlive/");
    expect(socket.protocol).toBe("");
    socket.send({ type: "connection_init" });
    socket.send({
      type: "start",
      payload: {
        operationName: "StreamMessageSubscription",
        query:
          "subscription StreamMessageSubscription($streamer:String!){streamMessageReceived(streamer:$streamer){type}}",
        variables: { streamer: channel },
      },
    });
    expect(await socket.nextText()).toBe('{"type":"connection_ack"}');
    expect(await socket.nextText()).toBe('{"type":"ka"}');
    await evictHubs();
    // Whichever comes first, the answer to the follow or what is said: it is told of once.
    for (let i = 0; socket.unread.length === 0; i += 1) await say(channel, `${i}`);
    const [first = ""] = await texts(socket, 1);
    expect(first).toMatch(/^- \d+$/);
    socket.close();
  });

  it("tells of a channel that is called like something every object has", async ({ expect }) => {
    await call("POST", "/channels", { id: "constructor", public: true });
    const socket = await greeted();
    await follow(socket, "constructor", "1");
    await evictHubs();
    await say("constructor", "hello");
    expect(await texts(socket, 1)).toEqual(["1 hello"]);
    socket.close();
  });

  it("answers with the sub-protocol that was offered, and with none where none was", async ({
    expect,
  }) => {
    const offered = await knock("/", ["graphql-transport-ws", "graphql-ws"]);
    expect(offered.status).toBe(101);
    expect(offered.headers.get("sec-websocket-protocol")).toBe("graphql-ws");
    offered.webSocket?.accept();
    offered.webSocket?.close();
    const bare = await knock("/gateways/dlive/");
    expect(bare.headers.get("sec-websocket-protocol")).toBeNull();
    bare.webSocket?.accept();
    bare.webSocket?.close();
    const byHost = await dial("/", [], "https://dlive.example.com");
    byHost.send({ type: "connection_init" });
    expect(await byHost.nextText()).toBe('{"type":"connection_ack"}');
    await evictHubs();
    byHost.close();
  });

  it("lets everybody read a public channel, and others only with a credential", async ({
    expect,
  }) => {
    const [open, closed] = [await makeChannel({ public: true }), await makeChannel()];
    const nobody = await greeted();
    nobody.send(start(closed, "1"));
    expect(await frameOf<Frame>(nobody)).toMatchObject({ id: "1", type: "error" });
    nobody.send(start("no-such-channel", "2"));
    expect(await frameOf<Frame>(nobody)).toMatchObject({ id: "2", type: "error" });
    await follow(nobody, open, "3");
    const other = await greeted(await tokenOf(open));
    other.send(start(closed, "1"));
    expect(await frameOf<Frame>(other)).toMatchObject({ id: "1", type: "error" });
    await evictHubs();
    await say(open, "hello");
    expect(await texts(nobody, 1)).toEqual(["3 hello"]);
    nobody.close();
    other.close();
  });

  it("tells nobody of a channel that is public no more, but those who may read it", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const [nobody, reader] = [await greeted(), await greeted(await tokenOf(channel))];
    const stranger = await greeted(await tokenOf(await makeChannel()));
    for (const socket of [nobody, reader, stranger]) await follow(socket, channel, "1");
    await Promise.all([evictHubs(), evictDurableObject(env.CHANNEL.getByName(channel))]);
    await call("PATCH", `/channels/${channel}`, { public: false });
    await say(channel, "secret");
    expect(await texts(reader, 1)).toEqual(["1 secret"]);
    expect((await nobody.closed).code).toBe(1008);
    expect((await stranger.closed).code).toBe(1008);
    expect(nobody.unread.join()).not.toContain("secret");
    expect(stranger.unread.join()).not.toContain("secret");
    reader.close();
  });

  it("refuses a credential that does not hold, in words and with the close", async ({ expect }) => {
    const socket = await dial("/", ["graphql-ws"]);
    socket.send({ type: "connection_init", payload: { authorization: "nope" } });
    expect(await socket.nextText()).toBe(
      '{"payload":{"message":"unauthorized"},"type":"connection_error"}',
    );
    expect(await socket.closed).toEqual({ code: 1000, reason: "terminated" });
    const rude = await dial("/", ["graphql-ws"]);
    await evictHubs();
    rude.send("hello");
    expect(await rude.nextText()).toContain("invalid json");
    expect((await rude.closed).code).toBe(1002);
  });

  it("beats by an alarm, and not for those that have not been greeted", async ({ expect }) => {
    const began = Date.now();
    const socket = await greeted();
    vi.setSystemTime(began + 10_000);
    const early = await dial("/", ["graphql-ws"]);
    await evictHubs();
    vi.setSystemTime(began + 20_500);
    const rung = await Promise.all(hubs().map((hub) => runDurableObjectAlarm(hub)));
    vi.useRealTimers();
    expect(rung).toContain(true);
    expect(await socket.nextText()).toBe('{"type":"ka"}');
    early.send({ type: "connection_init" });
    expect(await early.nextText()).toBe('{"type":"connection_ack"}');
    socket.close();
    early.close();
  });

  it("ends with the credential that it was opened with", async ({ expect }) => {
    const channel = await makeChannel();
    const { body } = await call<{ id: string; key: string }>("POST", "/keys", {
      name: "a bot's",
      scopes: ["events:read"],
      channels: [channel],
    });
    const socket = await greeted(`Bearer ${body.key}`);
    await follow(socket, channel, "1");
    await evictHubs();
    await call("DELETE", `/keys/${body.id}`);
    expect((await socket.closed).code).toBe(1008);
  });

  it("ends an operation when it is asked to, and goes on with the rest", async ({ expect }) => {
    const channel = await makeChannel({ public: true });
    const socket = await greeted();
    await follow(socket, channel, "1");
    socket.send(start(channel, "2"));
    await say(channel, "both");
    expect(await texts(socket, 2)).toEqual(["1 both", "2 both"]);
    socket.send({ id: "1", type: "stop" });
    expect(await socket.nextText()).toBe('{"id":"1","type":"complete"}');
    await evictHubs();
    await say(channel, "one");
    expect(await texts(socket, 1)).toEqual(["2 one"]);
    socket.send({ id: "2", type: "stop" });
    expect(await socket.nextText()).toBe('{"id":"2","type":"complete"}');
    await say(channel, "nobody");
    await follow(socket, channel, "3");
    await say(channel, "again");
    expect(await texts(socket, 1)).toEqual(["3 again"]);
    socket.close();
  });
});

describe("events of each provider reach DLive's clients", () => {
  let channel = "";
  beforeEach(async () => {
    channel = await makeChannel({ public: true });
  });
  afterEach(() => call("DELETE", `/channels/${channel}`));

  /** A client of a channel that a provider is linked to. */
  async function linked(emulated: Emulated): Promise<TestSocket> {
    await emulated.reset();
    const socket = await greeted();
    await follow(socket, channel, "1");
    await emulated.link(channel);
    await emulated.until("subscribed>=1");
    return socket;
  }

  /** The next items; those that were said to begin are passed over. */
  async function items(socket: TestSocket, count: number): Promise<Item[]> {
    const heard: Item[] = [];
    while (heard.length < count) {
      const frame = await frameOf<Frame>(socket);
      const told = frame.type === "ka" ? [] : (frame.payload.data.streamMessageReceived ?? []);
      heard.push(...told.filter(({ content }) => content !== "begin"));
    }
    return heard;
  }

  it("from DLive", async ({ expect }) => {
    const dlive = new Emulated("dlive");
    const socket = await linked(dlive);
    await dlive.do(
      { action: "item", type: "Message", streamer: "streamer", content: "from DLive" },
      { action: "item", type: "Gift", streamer: "streamer", gift: "DIAMOND", amount: "2" },
      { action: "item", type: "Clip", streamer: "streamer", url: "https://clips.example/1" },
    );
    expect(await items(socket, 3)).toMatchObject([
      { type: "Message", content: "from DLive" },
      { type: "Gift", gift: "DIAMOND", amount: "2" },
      { type: "Clip", url: "https://clips.example/1" },
    ]);
    await evictHubs();
    socket.close();
  });

  it("from Restream", async ({ expect }) => {
    const restream = new Emulated("restream");
    const socket = await linked(restream);
    await restream.do({ action: "event", eventTypeId: 4, text: "from Twitch" });
    const [message] = await items(socket, 1);
    expect(message).toMatchObject({ type: "Message", content: "from Twitch" });
    expect(message?.sender?.username).toMatch(/^twitch:/);
    await evictHubs();
    socket.close();
  });

  it("from Astro", async ({ expect }) => {
    const astro = new Emulated("astro");
    const socket = await linked(astro);
    await astro.until("subscriptions>=3");
    await astro.do(
      { action: "chat", platform: "youtube", text: "from YouTube" },
      { action: "activity", type: "follow", provider: "twitch" },
    );
    expect(await items(socket, 2)).toMatchObject([
      {
        type: "Message",
        content: "from YouTube",
        sender: { username: expect.stringMatching(/^youtube:/) as string },
      },
      { type: "Follow" },
    ]);
    await evictHubs();
    socket.close();
  });

  it("from multistreamer", async ({ expect }) => {
    const multistreamer = new Emulated("multistreamer");
    const socket = await linked(multistreamer);
    await multistreamer.do({ action: "chat", accountId: 12, text: "from an account" });
    expect(await items(socket, 1)).toMatchObject([{ type: "Message", content: "from an account" }]);
    await evictHubs();
    socket.close();
  });

  it("from Interactive Sync, whose inputs DLive has no word for", async ({ expect }) => {
    const sync = new Emulated("interactive-sync");
    const socket = await linked(sync);
    await sync.do({ action: "input", id: "button", username: "a-viewer" });
    await evictHubs();
    await say(channel, "after the input");
    expect(await items(socket, 1)).toMatchObject([{ content: "after the input" }]);
    socket.close();
  });
});
