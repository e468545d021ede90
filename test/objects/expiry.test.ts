import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it } from "vitest";

import { makeChannel } from "../support/api.ts";
import { dial, frameOf, tokenOf } from "../support/gateways.ts";
import { crowd, evictChannel, evictEveryHub, evictHubs } from "../support/hubs.ts";
import { connect, type TestSocket } from "../support/sockets.ts";
import { openStream } from "../support/streams.ts";

const ROOM = Number(env.CHANNEL_SOCKETS);

/** A token that runs out while the test waits: the shortest that lasts until its socket is there. */
const shortLived = (channel: string): Promise<string> =>
  tokenOf(channel, ["events:read", "chat:write", "interface:write"], { ttlSeconds: 3 });

const PLACES = [
  { where: "its channel's object", room: ROOM, evict: evictChannel },
  { where: "a hub", room: 0, evict: evictHubs },
];

describe.for(PLACES)("a credential that runs out, of a socket in $where", ({ room, evict }) => {
  beforeEach(() => crowd(room));
  afterEach(() => crowd(ROOM));

  it("closes it then, though nothing happens and its object sleeps", async ({ expect }) => {
    const channel = await makeChannel();
    const socket = await connect(channel, `?token=${await shortLived(channel)}`, { key: null });
    await socket.nextOf("hello");
    await evict(channel);
    expect((await socket.closed).code).toBe(4103);
  });

  it("leaves those alone whose credential holds", async ({ expect }) => {
    const channel = await makeChannel();
    const other = await connect(channel);
    const protocols = ["cloudevents.json"];
    const query = `?token=${await shortLived(channel)}`;
    const socket = await connect(channel, query, { key: null, protocols });
    expect((await socket.closed).code).toBe(4103);
    other.send({ type: "status", id: 1 });
    expect(await other.nextOf("result")).toMatchObject({ ok: true });
    other.close();
  });

  it("ends a stream then", async ({ expect }) => {
    const channel = await makeChannel();
    const authorization = `Bearer ${await shortLived(channel)}`;
    const stream = await openStream(channel, "", { authorization });
    const end = async (): Promise<never> => {
      for (;;) await stream.next();
    };
    await expect(end()).rejects.toThrow(/ended/);
  });

  it("closes a gateway's then: Restream", async ({ expect }) => {
    const channel = await makeChannel();
    const token = await shortLived(channel);
    const socket = await dial(`/gateways/restream/ws?accessToken=${token}`);
    await evict(channel);
    expect((await socket.closed).code).toBe(1008);
  });
});

describe("a credential that runs out", () => {
  const greetings: Readonly<
    Record<string, (channel: string, token: string) => Promise<TestSocket>>
  > = {
    multistreamer: (channel, token) => dial(`/gateways/multistreamer/ws/${channel}?token=${token}`),
    "Interactive Sync": (_, token) =>
      dial(`/gateways/interactive-sync/?client_id=g&access_token=${token}`),
    async DLive(channel, token) {
      const socket = await dial("/gateways/dlive/", ["graphql-ws"]);
      socket.send({ type: "connection_init", payload: { authorization: token } });
      const query = `subscription{streamMessageReceived(streamer:"${channel}"){__typename}}`;
      socket.send({ id: "1", type: "start", payload: { query } });
      await frameOf(socket);
      return socket;
    },
    async Astro(channel, token) {
      const socket = await dial("/gateways/astro/");
      await frameOf(socket);
      const data = { topic: "channel.chat.message", room: channel, token, token_type: "apikey" };
      socket.send({ type: "subscribe", nonce: "n", data });
      await frameOf(socket);
      return socket;
    },
  };

  it.for(Object.keys(greetings))("closes a socket of %s then", async (name, { expect }) => {
    const channel = await makeChannel();
    const socket = await greetings[name]?.(channel, await shortLived(channel));
    await evictEveryHub();
    expect([1000, 1001, 1008, 4401, 4403]).toContain((await socket?.closed)?.code);
  });
});
