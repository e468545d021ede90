import { abortAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { call, makeChannel, textsOf } from "../../support/api.ts";
import { Emulated } from "../../support/emulated.ts";
import { crowd, evictHubs, hubsKnownTo } from "../../support/hubs.ts";
import { stored } from "../../support/objects.ts";
import { connect, type TestSocket } from "../../support/sockets.ts";

interface Connection {
  readonly identifier: string;
  readonly uuid: string;
  readonly status: string;
  readonly reason: string | null;
}

const connectionsOf = async (channel: string): Promise<readonly Connection[]> =>
  (await call<{ data: Connection[] }>("GET", `/channels/${channel}/connections`)).body.data;

/** Opens a socket on a channel and links a provider to it. */
async function follow(
  emulated: Emulated,
  settings: Record<string, unknown> = {},
): Promise<{ channel: string; socket: TestSocket; provider: string }> {
  const channel = await makeChannel();
  const socket = await connect(channel);
  await socket.nextOf("hello");
  const provider = await emulated.link(channel, settings);
  return { channel, socket, provider };
}

let open: { channel: string; socket: TestSocket } | null = null;

// A channel that goes on dialling would be heard in the next test.
afterEach(async () => {
  if (open === null) return;
  await call("DELETE", `/channels/${open.channel}`);
  open = null;
});

describe("DLive", () => {
  const dlive = new Emulated("dlive");
  beforeEach(() => dlive.reset());

  it("is dialled as soon as it is linked, and heard", async ({ expect }) => {
    const { channel, socket } = (open = await follow(dlive));
    await dlive.until("subscribed>=1");
    await dlive.do({ action: "item", type: "Message", streamer: "streamer", content: "hello" });
    const event = await socket.nextEvent("chat.message");
    expect(event).toMatchObject({
      provider: "dlive",
      platform: "dlive",
      connectionid: "dlive:streamer",
      data: { message: { text: "hello" } },
    });
    expect(await connectionsOf(channel)).toMatchObject([
      { identifier: "dlive:streamer", status: "connected", reason: null },
    ]);
    const { body } = await call<{ providers: object[] }>("GET", `/channels/${channel}/status`);
    expect(body.providers).toMatchObject([{ connections: ["dlive:streamer"] }]);
  });

  it("speaks the sub-protocol graphql-ws, and subscribes to chat and chest", async ({ expect }) => {
    open = await follow(dlive, { credentials: { appToken: "an-app-token" } });
    const truth = await dlive.until("subscriptions>=2");
    expect(truth.queries[0]?.offered).toEqual(["graphql-ws"]);
    expect(truth.received.map(({ text }) => (JSON.parse(text) as { type: string }).type)).toEqual([
      "connection_init",
      "start",
      "start",
    ]);
    expect(truth.received[0]?.text).toContain("an-app-token");
  });

  it("is told of once, however often it repeats itself", async ({ expect }) => {
    const { channel, socket } = (open = await follow(dlive));
    await dlive.until("subscribed>=1");
    await dlive.do(
      { action: "item", type: "Message", streamer: "streamer", content: "once" },
      { action: "repeat", count: 3 },
      { action: "item", type: "Message", streamer: "streamer", content: "then" },
    );
    const first = await socket.nextEvent("chat.message");
    const second = await socket.nextEvent("chat.message");
    expect(textsOf([first, second])).toEqual(["once", "then"]);
    const { body } = await call<{ counters: { repeats: number } }>(
      "GET",
      `/channels/${channel}/status`,
    );
    expect(body.counters.repeats).toBe(3);
  });

  it("tells of a gap after an outage, from its last sign of life to its return", async ({
    expect,
  }) => {
    const { channel, socket } = (open = await follow(dlive));
    await dlive.until("subscribed>=1");
    await dlive.do({ action: "item", type: "Message", streamer: "streamer", content: "before" });
    const before = await socket.nextEvent("chat.message");
    await dlive.do({ action: "cut", midFrame: true });
    const lost = await socket.nextEvent("connection.updated");
    expect(lost.data).toMatchObject({ status: "connecting", reason: "socket_closed" });
    const gap = await socket.nextEvent("connection.gap");
    expect(gap.data).toMatchObject({ identifier: "dlive:streamer", cause: "socket_closed" });
    expect(String(gap.data["from"]) >= before.recordedtime).toBe(true);
    expect(String(gap.data["to"]) >= String(gap.data["from"])).toBe(true);
    expect(await connectionsOf(channel)).toMatchObject([{ status: "connected" }]);
  });

  it("stops at a refusal that dialling again cannot mend, and begins anew when told", async ({
    expect,
  }) => {
    await dlive.do({ action: "token", value: "the-right-one" });
    const { channel, socket, provider } = (open = await follow(dlive, {
      credentials: { appToken: "the-wrong-one" },
    }));
    const refused = await socket.nextEvent("connection.updated");
    expect(refused.data).toMatchObject({ status: "error", reason: "token_invalid" });
    const { dials } = await dlive.truth();
    await call("PATCH", `/channels/${channel}/providers/${provider}`, {
      credentials: { appToken: "the-right-one" },
    });
    const mended = await socket.nextEvent("connection.updated");
    expect(mended.data).toMatchObject({ status: "connected", reason: null });
    expect((await dlive.truth()).dials).toBe(dials + 1);
    expect(await stored(channel)).not.toMatch(/the-(right|wrong)-one/);
  });

  it("keeps what it does not know, and counts what it cannot read", async ({ expect }) => {
    const { channel, socket } = (open = await follow(dlive));
    await dlive.until("subscribed>=1");
    await dlive.do(
      { action: "item", type: "Clip", streamer: "streamer" },
      { action: "garbage" },
      { action: "oversize", bytes: 300_000 },
      { action: "item", type: "Follow", streamer: "streamer" },
    );
    const kept = await socket.nextEvent("provider.event");
    expect(kept.data).toMatchObject({ nativeType: "streamMessageReceived.Clip" });
    await socket.nextEvent("channel.follow");
    const { body } = await call<{
      providers: { rejected: number; rejects: { problem: string }[] }[];
    }>("GET", `/channels/${channel}/status`);
    expect(body.providers[0]?.rejected).toBeGreaterThan(1);
    expect(body.providers[0]?.rejects.map(({ problem }) => problem)).toContain("too large");
  });

  it("is dialled again by an object that was lost, and tells of the gap", async ({ expect }) => {
    const { channel, socket: before } = (open = await follow(dlive));
    const connected = await before.nextEvent("connection.updated");
    await abortAllDurableObjects();
    // Anything that wakes the object will do; else its alarm does.
    const socket = await connect(channel, `?types=connection.*&after=${connected.id}`);
    const lost = await socket.nextEvent("connection.updated");
    expect(lost.data).toMatchObject({ status: "connecting", reason: "relay_restarted" });
    const gap = await socket.nextEvent("connection.gap");
    expect(gap.data).toMatchObject({ cause: "relay_restarted" });
  });

  it("is dialled again by the alarm of an object that was lost and is asked for by nobody", async ({
    expect,
  }) => {
    const { channel, socket } = (open = await follow(dlive));
    await socket.nextEvent("connection.updated");
    await abortAllDurableObjects();
    expect(await runDurableObjectAlarm(env.CHANNEL.getByName(channel))).toBe(true);
    expect((await dlive.until("dials>=2")).dials).toBe(2);
  });

  it("obeys a provider that asks to be left alone for a while", async ({ expect }) => {
    await dlive.do({ action: "refuse", status: 429, retryAfter: 120 });
    const { channel, socket } = (open = await follow(dlive));
    const refused = await socket.nextEvent("connection.updated");
    expect(refused.data).toMatchObject({ status: "connecting", reason: "rate_limited" });
    const { body } = await call<{ providers: { nextDialAt: string; since: string }[] }>(
      "GET",
      `/channels/${channel}/status`,
    );
    const { nextDialAt = "", since = "" } = body.providers[0] ?? {};
    expect(Date.parse(nextDialAt) - Date.parse(since)).toBe(120_000);
  });

  it("hangs up when it is unlinked", async ({ expect }) => {
    const { channel, socket, provider } = (open = await follow(dlive));
    await dlive.until("subscribed>=1");
    await call("DELETE", `/channels/${channel}/providers/${provider}`);
    const closed = await socket.nextEvent("connection.closed");
    expect(closed.data).toMatchObject({ identifier: "dlive:streamer", reason: "unlinked" });
    await dlive.until("sockets==0");
    expect(await connectionsOf(channel)).toEqual([]);
  });

  it("is followed once: another provider of the same streamer is refused", async ({ expect }) => {
    const { channel } = (open = await follow(dlive));
    const again = { protocol: "dlive", target: { streamer: "streamer" }, url: dlive.url };
    const { status, body } = await call("POST", `/channels/${channel}/providers`, again);
    expect([status, body["code"]]).toEqual([409, "connection_claimed"]);
  });
});

describe("Restream", () => {
  const restream = new Emulated("restream");
  beforeEach(() => restream.reset());

  it("has every connection that its account has, by its own identifiers", async ({ expect }) => {
    await restream.do(
      { action: "connect", platform: "kick" },
      { action: "connect", platform: "x" },
    );
    const { channel, socket } = (open = await follow(restream));
    for (let i = 0; i < 3; i++) await socket.nextEvent("connection.updated");
    const { connections } = await restream.truth();
    const map = await connectionsOf(channel);
    const told = Object.entries(connections).map(([identifier, { uuid, status }]) => ({
      identifier: `restream:${identifier}`,
      uuid,
      status,
    }));
    expect(map).toHaveLength(told.length);
    for (const connection of told) expect(map).toContainEqual(expect.objectContaining(connection));
  });

  it("replaces a connection without an outage, and is not confused by its late end", async ({
    expect,
  }) => {
    const { channel, socket } = (open = await follow(restream));
    const first = await socket.nextEvent("connection.updated");
    const identifier = String(first.data["identifier"]).replace("restream:", "");
    await restream.do({ action: "announce", identifier, repeats: 2 });
    await restream.do({ action: "replace", identifier });
    const second = await socket.nextEvent("connection.updated");
    expect(second.data["uuid"]).not.toBe(first.data["uuid"]);
    await restream.do({ action: "closeConnection", uuid: "unknown", reason: "replaced" });
    await restream.do({ action: "event", eventTypeId: 4, identifier, text: "still here" });
    const [next] = await socket.events(1);
    expect(next).toMatchObject({ type: "chat.message", platform: "twitch", provider: "restream" });
    expect(await connectionsOf(channel)).toMatchObject([
      { uuid: second.data["uuid"], status: "connected" },
    ]);
  });

  it("renews its token before it dials, keeps what came with it, and uses it again", async ({
    expect,
  }) => {
    const credentials = {
      clientId: "client",
      clientSecret: "client-secret",
      refreshToken: "first-refresh-token",
    };
    const { channel, socket } = (open = await follow(restream, { credentials }));
    await socket.nextEvent("connection.updated");
    await restream.do({ action: "expireToken" });
    const lost = await socket.nextEvent("connection.updated");
    expect(lost.data).toMatchObject({ status: "connecting", reason: "token_invalid" });
    const back = await socket.nextEvent("connection.updated");
    expect(back.data).toMatchObject({ status: "connected" });
    const truth = (await restream.truth()) as unknown as {
      tokens: { refreshes: { status: number }[]; issued: { accessToken: string }[] };
    };
    expect(truth.tokens.refreshes.map(({ status }) => status)).toEqual([200, 200]);
    const kept = await stored(channel);
    for (const { accessToken } of truth.tokens.issued) expect(kept).not.toContain(accessToken);
  });

  it("says who must do what when even a fresh token is refused", async ({ expect }) => {
    await restream.do({ action: "token", value: "another" });
    const { socket } = (open = await follow(restream));
    const refused = await socket.nextEvent("connection.updated");
    expect(refused.data).toMatchObject({ status: "error", reason: "token_invalid" });
  });

  it("reads how replies and relayed messages fare, in whatever order", async ({ expect }) => {
    const { socket } = (open = await follow(restream));
    await socket.nextEvent("connection.updated");
    await restream.do(
      { action: "replyCreated", replyUuid: "r1", text: "hello all" },
      { action: "replyConfirmed", replyUuid: "r1" },
      { action: "replyAccepted", replyUuid: "r1" },
      { action: "replyFailed", replyUuid: "r1", reason: "discord_rate_limit" },
    );
    const types = (await socket.events(4)).map(({ type, data }) => [type, data["sendId"]]);
    expect(types).toEqual([
      ["send.accepted", "r1"],
      ["send.confirmed", "r1"],
      ["send.accepted", "r1"],
      ["send.failed", "r1"],
    ]);
  });
});

describe("on demand", () => {
  const dlive = new Emulated("dlive");
  beforeEach(() => dlive.reset());

  it("is dialled when the first client comes, and not before", async ({ expect }) => {
    const channel = await makeChannel({ mode: "on_demand" });
    await dlive.link(channel);
    await call("GET", `/channels/${channel}/status`);
    expect((await dlive.truth()).dials).toBe(0);
    const socket = await connect(channel);
    open = { channel, socket };
    await dlive.until("subscribed>=1");
    expect((await dlive.truth()).dials).toBe(1);
  });

  it("is dialled for a client in a hub as well, and stays a while when it has gone", async ({
    expect,
  }) => {
    const channel = await makeChannel({ mode: "on_demand" });
    await dlive.link(channel);
    const before = env.CHANNEL_SOCKETS;
    crowd(0);
    const socket = await connect(channel);
    crowd(Number(before));
    open = { channel, socket };
    await dlive.until("subscribed>=1");
    await evictHubs(channel);
    socket.close();
    await socket.closed;
    await vi.waitFor(async () => expect(await hubsKnownTo(channel)).toEqual([]));
    const { body } = await call<{ providers: { phase: string }[] }>(
      "GET",
      `/channels/${channel}/status`,
    );
    expect(body.providers.map(({ phase }) => phase)).toEqual(["open"]);
  });
});
