import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, it, vi } from "vitest";

import { makeChannel, ORIGIN } from "../../support/api.ts";
import { dial, frameOf, tokenOf } from "../../support/gateways.ts";
import { crowd, everyHub, evictEveryHub, socketsOf } from "../../support/hubs.ts";
import { TestSocket, upgrade } from "../../support/sockets.ts";

/** Asks for a socket of a gateway from an address. */
async function knockFrom(address: string, path = "/gateways/dlive/"): Promise<Response> {
  return exports.default.fetch(`${ORIGIN}${path}`, {
    headers: { upgrade: "websocket", "cf-connecting-ip": address },
  });
}

async function dialFrom(address: string, path?: string): Promise<TestSocket> {
  const { webSocket } = await knockFrom(address, path);
  if (webSocket === null) throw new Error("no socket");
  return new TestSocket(webSocket, "");
}

/** So much time goes by, and every hub that wants to be woken is. */
async function pass(ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  for (const hub of everyHub()) await runDurableObjectAlarm(hub);
}

/** How many sockets all hubs hold. */
async function held(): Promise<number> {
  let count = 0;
  for (const hub of everyHub()) {
    count += await runInDurableObject(
      hub,
      (_, ctx) => ctx.getWebSockets().filter(({ readyState }) => readyState === 1).length,
    );
  }
  return count;
}

const start = (streamer: string, id = "1") => ({
  id,
  type: "start",
  payload: { query: `subscription{streamMessageReceived(streamer:"${streamer}"){__typename}}` },
});

afterEach(() => {
  vi.useRealTimers();
  Object.assign(env, { HUB_SOCKETS: "16000" });
  crowd(2_000);
});

describe("a socket whose credential comes in a frame", () => {
  it.for(["/gateways/dlive/", "/gateways/astro/"])(
    "is closed when it has shown none within 15 s, though its hub slept: %s",
    async (path, { expect }) => {
      const silent = await dialFrom("192.0.2.10", path);
      await evictEveryHub();
      // A slow machine's own seconds count as well.
      await pass(5_000);
      expect(await held()).toBeGreaterThan(0);
      await pass(11_000);
      expect((await silent.closed).code).toBe(1008);
    },
  );

  it("is closed though it says a lot, as long as no credential is in it", async ({ expect }) => {
    const socket = await dialFrom("192.0.2.11", "/gateways/astro/");
    for (let index = 0; index < 20; index++) socket.send("not what anybody would say");
    const data = { topic: "channel.tips", token: "none of ours" };
    socket.send({ type: "subscribe", nonce: "n", data });
    while (!(await socket.nextText()).includes('"n"')) continue;
    await pass(16_000);
    expect((await socket.closed).code).toBe(1008);
  });

  it("stays once it has shown one, whatever it does then", async ({ expect }) => {
    const channel = await makeChannel();
    const astro = await dialFrom("192.0.2.12", "/gateways/astro/");
    const data = { topic: "channel.tips", token: await tokenOf(channel), room: channel };
    const told = async (nonce: string): Promise<void> => {
      while (!(await astro.nextText()).includes(`"${nonce}"`)) continue;
    };
    astro.send({ type: "subscribe", nonce: "n1", data });
    await told("n1");
    astro.send({ type: "unsubscribe", nonce: "n2", data });
    await told("n2");
    const dlive = await dialFrom("192.0.2.12");
    dlive.send({ type: "connection_init" });
    expect(await frameOf(dlive)).toEqual({ type: "connection_ack" });
    await pass(16_000);
    astro.send({ type: "unsubscribe", nonce: "n3", data });
    await told("n3");
    expect(await frameOf(dlive)).toEqual({ type: "ka" });
    astro.close();
    dlive.close();
  });
});

describe("strangers at one address", () => {
  it("have so many sockets of a hub and no more, and others have theirs", async ({ expect }) => {
    const sockets: WebSocket[] = [];
    const statuses = new Map<number, number>();
    // IPv6: one network is one party.
    for (let index = 0; index < 1_200; index++) {
      const { status, webSocket, headers } = await knockFrom(`2001:db8:1:1::${index.toString(16)}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (webSocket !== null) sockets.push(webSocket);
      if (status === 429) expect(headers.get("retry-after")).toBe("60");
    }
    expect(sockets.length).toBeLessThanOrEqual(4 * 256);
    expect(statuses.get(429)).toBe(1_200 - sockets.length);
    const other = await dialFrom("2001:db8:1:2::1");
    other.send({ type: "connection_init" });
    expect(await frameOf(other)).toEqual({ type: "connection_ack" });
    other.close();
    for (const socket of sockets) {
      socket.accept();
      socket.close();
    }
  });

  it("reach no object by the names that they invent, and read no more of the database than they may", async ({
    expect,
  }) => {
    const channel = await makeChannel({ public: true });
    const socket = await dialFrom("192.0.2.20");
    socket.send({ type: "connection_init" });
    await frameOf(socket);
    await frameOf(socket);
    const seen = new Set<string>();
    const getByName = env.CHANNEL.getByName.bind(env.CHANNEL);
    vi.spyOn(env.CHANNEL, "getByName").mockImplementation((name, options) => {
      seen.add(name);
      return getByName(name, options);
    });
    for (let index = 0; index < 300; index++) socket.send(start(`invented-${index}`, `${index}`));
    const told = new Map<string, number>();
    for (let count = 0; count < 300; count++) {
      const { payload } = await frameOf<{ payload: [{ message: string }] }>(socket);
      const [{ message }] = payload;
      told.set(message, (told.get(message) ?? 0) + 1);
    }
    expect([...seen].filter((name) => name.startsWith("invented"))).toEqual([]);
    // What is not there is not told from what is private.
    expect(told.get("unauthorized") ?? 0).toBeLessThan(160);
    expect(told.get("rate limit exceeded") ?? 0).toBeGreaterThan(140);
    vi.restoreAllMocks();
    // Somebody else is served as ever.
    const other = await dialFrom("192.0.2.21");
    other.send({ type: "connection_init" });
    await frameOf(other);
    await frameOf(other);
    other.send(start(channel));
    await vi.waitFor(async () => expect((await socketsOf(channel)).count).toBe(1));
    other.close();
    socket.close();
  });
});

describe("a client of a gateway that sends frames without end", () => {
  it("is let go", async ({ expect }) => {
    const socket = await dial("/gateways/dlive/");
    socket.send({ type: "connection_init" });
    for (let index = 0; index < 5_000; index++) socket.send({ type: "stop", id: `${index}` });
    expect(await socket.closed).toMatchObject({ code: 1008 });
  });
});

describe("a frame that no protocol takes", () => {
  it.for(["/gateways/dlive/", "/gateways/astro/"])(
    "is not read, however much of it the platform lets through: %s",
    async (path, { expect }) => {
      const socket = await dial(path);
      socket.send({ type: "connection_init", more: "x".repeat(1024 * 1024) });
      expect(await socket.closed).toMatchObject({ code: 1009 });
    },
  );
});

describe("hubs that hold as many sockets as they may", () => {
  it("leave a socket to the next one, and the last says when to come back", async ({ expect }) => {
    const before = await held();
    Object.assign(env, { HUB_SOCKETS: String(before + 1) });
    const opened: TestSocket[] = [];
    let refused: Response | null = null;
    for (let index = 0; index < 200 && refused === null; index++) {
      const response = await knockFrom(`198.51.100.${index}`);
      if (response.webSocket === null) refused = response;
      else opened.push(new TestSocket(response.webSocket, ""));
    }
    expect(opened.length).toBeGreaterThanOrEqual(4);
    expect(refused?.status).toBe(503);
    expect(refused?.headers.get("retry-after")).toBe("30");
    // A crowded channel's sockets find no room there either.
    crowd(0);
    const channel = await makeChannel({ public: true });
    const native = await upgrade(`/channels/${channel}/socket`);
    expect(native.status).toBe(503);
    expect(native.headers.get("retry-after")).toBe("30");
    expect(await native.json()).toMatchObject({ code: "unavailable" });
    for (const socket of opened) socket.close();
  });
});
