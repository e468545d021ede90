import { describe, it, onTestFinished, vi } from "vitest";

import {
  memoryPositions,
  type AuthReason,
  type AuthRequest,
  type ChannelEventMap,
} from "../../src/client/index.ts";
import { FakeRelay } from "./support/relay.ts";
import { at, eventAt, framed } from "./support/session.ts";

/** The filter that a socket was told last. */
function toldTypes(socket: { sent: Record<string, unknown>[] }): unknown {
  return socket.sent.findLast(({ type }) => type === "subscribe")?.["types"];
}

describe("a channel", () => {
  it("has its credential in a header, and its ticket in the sub-protocol", async ({ expect }) => {
    const relay = new FakeRelay();
    const { socket } = await relay.live();
    const [ticket] = relay.requests;
    expect(ticket?.path).toBe("/v1/channels/mine/tickets");
    expect(ticket?.headers.get("authorization")).toBe("Bearer trb_key");
    expect(socket.url).toMatch(/^wss:\/\/relay\.example\/v1\/channels\/mine\/socket/);
    expect(socket.url).not.toContain("trb_key");
  });

  it("is one object for a name and a consumer", ({ expect }) => {
    const relay = new FakeRelay().connect();
    expect(relay.channel("mine")).toBe(relay.channel("mine"));
    expect(relay.channel("mine", { consumer: "bot" })).not.toBe(relay.channel("mine"));
  });

  it("calls each handler with what its filter lets through, and hears no more than all want", async ({
    expect,
  }) => {
    const relay = new FakeRelay();
    const { channel, socket } = await relay.live();
    const heard: string[] = [];
    channel.on("custom.note", ({ id }) => heard.push(`note ${id}`));
    const off = channel.on("chat.*", ({ id }) => heard.push(`chat ${id}`));
    relay.pass(20);
    const own = ["connection.closed", "connection.updated"];
    expect(toldTypes(socket)).toEqual(["chat.*", "custom.note", ...own]);
    socket.say(framed(0, 2));
    expect(heard).toEqual([`note ${at(1)}`, `note ${at(2)}`]);
    off();
    relay.pass(20);
    expect(toldTypes(socket)).toEqual(["custom.note", ...own]);
    channel.on("*", () => undefined);
    relay.pass(20);
    expect(toldTypes(socket)).toEqual([]);
  });

  it("goes on where a handler throws, and tells of it", async ({ expect }) => {
    const { channel, socket } = await new FakeRelay().live();
    const errors: unknown[] = [];
    const heard: string[] = [];
    channel.addEventListener("error", ({ detail }) => errors.push(detail));
    channel.on("*", () => {
      throw new Error("mine");
    });
    channel.on("*", ({ id }) => heard.push(id));
    socket.say(framed(0, 2));
    expect(heard).toEqual([at(1), at(2)]);
    expect(errors).toEqual([new Error("mine"), new Error("mine")]);
    expect(channel.position).toBe(at(2));
  });

  it.for(["no JSON", "null", "[]", '{"type":"events"}', '{"type":"gap","cause":"slow"}'])(
    "is none the worse for a frame that makes no sense: %s",
    async (text, { expect }) => {
      const { channel, socket } = await new FakeRelay().live();
      const errors: unknown[] = [];
      const heard: string[] = [];
      channel.addEventListener("error", ({ detail }) => errors.push(detail));
      channel.on("*", ({ id }) => heard.push(id));
      socket.say(text);
      socket.say({ type: "something new" });
      socket.say(framed(0, 1));
      expect(heard).toEqual([at(1)]);
      expect(errors).toMatchObject([{ code: "protocol_error" }]);
    },
  );

  it("says whether an event is new, and how old it is by the relay's clock", async ({ expect }) => {
    const relay = new FakeRelay();
    const { channel, socket } = await relay.live(5, { from: { after: at(3) } });
    const heard: unknown[] = [];
    channel.on("*", (_event, delivery) => heard.push(delivery));
    const recordedtime = new Date(relay.now - 4_000).toISOString();
    const events = [4, 5, 6].map((seq) => ({ ...eventAt(seq), recordedtime }));
    socket.say({ ...framed(3, 6), events });
    expect(heard).toEqual([
      { live: false, age: 4_000 },
      { live: false, age: 4_000 },
      { live: true, age: 4_000 },
    ]);
  });

  it("moves its place when all handlers have run, and keeps it then", async ({ expect }) => {
    const positions = memoryPositions();
    const relay = new FakeRelay();
    const { channel, socket } = await relay.live(0, { consumer: "bot", positions });
    const seen: unknown[] = [];
    channel.on("*", () => seen.push(positions.load("mine/bot")));
    socket.say(framed(0, 3));
    expect(seen).toEqual([null, null, null]);
    relay.pass(1_000);
    expect(positions.load("mine/bot")).toBe(at(3));
  });

  it("goes on from the place that was kept", async ({ expect }) => {
    const positions = memoryPositions();
    await positions.save("mine/bot", at(41));
    const { socket } = await new FakeRelay().live(41, { consumer: "bot", positions });
    expect(new URL(socket.url).searchParams.get("after")).toBe(at(41));
  });

  it("keeps the place of its slowest reader, which moves when the next event is asked for", async ({
    expect,
  }) => {
    const { channel, socket } = await new FakeRelay().live(0);
    const reader = channel.events();
    const other = channel.events("custom.none");
    channel.on("*", () => undefined);
    socket.say(framed(0, 3));
    expect(channel.position).toBe(at(0));
    await reader.next();
    expect(channel.position).toBe(at(0));
    await reader.next();
    expect(channel.position).toBe(at(1));
    await reader.return?.();
    await other.return?.();
    expect(channel.position).toBe(at(3));
  });

  it("goes five seconds after the last listener, and not where another comes", async ({
    expect,
  }) => {
    const relay = new FakeRelay();
    const channel = relay.connect().channel("mine");
    const off = channel.on("*", () => undefined);
    (await relay.socket()).say({ type: "hello", position: at(0), connections: [] });
    off();
    relay.pass(4_999);
    const another = channel.on("*", () => undefined);
    relay.pass(5_000);
    expect(channel.state.name).toBe("live");
    another();
    relay.pass(5_000);
    expect(channel.state.name).toBe("idle");
  });

  it("that was closed stays closed, until it is connected again", async ({ expect }) => {
    const relay = new FakeRelay();
    const { channel } = await relay.live(0);
    const next = channel.events().next();
    channel.close();
    expect(await next).toEqual({ done: true, value: undefined });
    channel.on("*", () => undefined);
    await expect(channel.send({ text: "x" })).rejects.toMatchObject({ code: "closed" });
    expect(channel.state.name).toBe("idle");
    channel.connect();
    (await relay.socket(2)).say({ type: "hello", position: at(0), connections: [] });
    expect(channel.state.name).toBe("live");
  });

  it("keeps its map of connections by the events that tell of them", async ({ expect }) => {
    const { channel, socket } = await new FakeRelay().live(0);
    let told = 0;
    channel.addEventListener("connections", () => (told += 1));
    const say = (seq: number, type: string, data: object): void =>
      socket.say({ ...framed(seq - 1, seq), events: [{ ...eventAt(seq), type, data }] });
    say(1, "connection.updated", { identifier: "dlive:a", status: "connected" });
    expect([...channel.connections.keys()]).toEqual(["dlive:a"]);
    say(2, "connection.closed", { identifier: "dlive:a" });
    expect(channel.connections.size).toBe(0);
    expect(told).toBe(2);
  });

  it("asks for a credential with the reason, and keeps it for what comes after", async ({
    expect,
  }) => {
    const relay = new FakeRelay();
    const reasons: AuthReason[] = [];
    const auth = ({ reason }: { reason: AuthReason }): Promise<string> =>
      Promise.resolve(`token-${reasons.push(reason)}`);
    const channel = relay.connect({ auth }).channel("mine");
    channel.connect();
    (await relay.socket()).say({ type: "hello", position: at(0), connections: [] });
    await channel.status();
    expect(reasons).toEqual(["first"]);
    expect(relay.requests.at(-1)?.headers.get("authorization")).toBe("Bearer token-1");
  });
});

describe("a credential that never comes", () => {
  it("is given up after half a minute, and asked for again", async ({ expect }) => {
    const relay = new FakeRelay();
    const asked: AbortSignal[] = [];
    const auth = ({ signal }: AuthRequest): Promise<string> =>
      asked.push(signal) === 1 ? new Promise(() => undefined) : Promise.resolve("trb_key");
    const channel = relay.connect({ auth }).channel("mine");
    channel.connect();
    relay.pass(30_000);
    expect(channel.state).toMatchObject({ name: "waiting", reason: { code: "timeout" } });
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
    // Whoever waited for it is told before it is dialled again.
    await new Promise(setImmediate);
    relay.pass(500);
    await relay.socket();
    expect(asked.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it("is waited for no longer when the channel is closed", async ({ expect }) => {
    const relay = new FakeRelay();
    const asked: AbortSignal[] = [];
    const auth = ({ signal }: AuthRequest): Promise<string> => {
      asked.push(signal);
      return new Promise(() => undefined);
    };
    const channel = relay.connect({ auth }).channel("mine");
    const reading = channel.status();
    channel.connect();
    channel.close();
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
    await expect(reading).rejects.toMatchObject({ code: "closed" });
  });
});

describe("a page that the relay does not let in", () => {
  const ask = async (isThere: boolean): Promise<unknown> => {
    vi.stubGlobal("location", { origin: "https://page.example" });
    onTestFinished(() => void vi.unstubAllGlobals());
    const fetch = (_url: unknown, init?: RequestInit): Promise<Response> =>
      isThere && init?.mode === "no-cors"
        ? Promise.resolve(new Response())
        : Promise.reject(new TypeError("Failed to fetch"));
    const channel = new FakeRelay().connect({ fetch }).channel("mine");
    return channel.status().catch((error: unknown) => error);
  };

  it("is told so, with its origin, where the relay answers at all", async ({ expect }) => {
    const message = expect.stringContaining("https://page.example") as string;
    expect(await ask(true)).toMatchObject({ code: "origin_forbidden", message });
  });

  it("is told that there is no answer where there is none", async ({ expect }) => {
    expect(await ask(false)).toMatchObject({ code: "offline", message: "Failed to fetch" });
  });
});

describe("a reader", () => {
  it("has everything since it was asked for, also what comes before it is loaded, or after its end", async ({
    expect,
  }) => {
    const { channel, socket } = await new FakeRelay().live(0);
    const reader = channel.events("custom.*");
    socket.say(framed(0, 2));
    channel.close();
    const heard: unknown[] = [];
    for await (const { id } of reader) heard.push(id);
    expect(heard).toEqual([at(1), at(2)]);
    expect(channel.position).toBe(at(2));
  });

  it("reads from the log what did not fit, and takes what comes twice once", async ({ expect }) => {
    const relay = new FakeRelay();
    const { channel, socket } = await relay.live(0);
    const reader = channel.events("custom.*", { buffer: 3 });
    socket.say(framed(0, 10));
    relay.answer = ({ searchParams }) => {
      const after = Number(searchParams.get("after")?.split("-")[1]);
      expect(searchParams.get("types")).toBe("custom.*");
      // It has what the socket has not yet said.
      const { events } = framed(after, Math.min(after + 5, 12));
      return { events, next: at(after + 5), hasMore: after + 5 < 12 };
    };
    const heard: string[] = [];
    for (let count = 1; count <= 15; count++) {
      if (count === 13) socket.say(framed(10, 15));
      const { value } = await reader.next();
      heard.push(value?.id ?? "");
    }
    expect(heard).toEqual(Array.from({ length: 15 }, (_, index) => at(index + 1)));
  });

  it("tells what the log does not keep any more", async ({ expect }) => {
    const relay = new FakeRelay();
    const { channel, socket } = await relay.live(0);
    const gaps: ChannelEventMap["gap"][] = [];
    channel.addEventListener("gap", ({ detail }) => gaps.push(detail));
    const reader = channel.events("*", { buffer: 1 });
    socket.say(framed(0, 5));
    const gap = { from: at(1), to: at(4), cause: "expired", shed: 3 };
    relay.answer = () => ({ events: [eventAt(5)], next: null, hasMore: false, gap });
    await reader.next();
    expect((await reader.next()).value?.id).toBe(at(5));
    expect(gaps).toEqual([{ ...gap, filled: false }]);
  });
});

describe("a send", () => {
  it("is done when each target has ended, once", async ({ expect }) => {
    const relay = new FakeRelay();
    const { channel, socket } = await relay.live(0);
    const sending = channel.send({ text: "hello", sendId: "s1" });
    await import("../../src/client/sends.ts");
    await Promise.resolve();
    expect(socket.sent.map(({ type }) => type)).toEqual(["subscribe", "send"]);
    expect(toldTypes(socket)).toContain("send.*");
    const outcome = (seq: number, type: string, target: string, more = {}): void =>
      socket.say({
        ...framed(seq - 1, seq),
        events: [
          {
            ...eventAt(seq),
            type,
            data: { sendId: "s1", kind: "chat", targets: [target], ...more },
          },
        ],
      });
    // One may end before the relay has said who they are.
    outcome(1, "send.confirmed", "a");
    socket.say({ type: "result", id: "s1", ok: true, data: { sendId: "s1", targets: ["a", "b"] } });
    const send = await sending;
    outcome(2, "send.failed", "b", { reason: "too_long", retryable: false });
    outcome(3, "send.confirmed", "b");
    const outcomes = [];
    for await (const each of send) outcomes.push(each);
    expect(outcomes).toEqual([
      { target: "a", ok: true },
      { target: "b", ok: false, reason: "too_long", retryable: false },
    ]);
    expect([...(await send.settled).keys()]).toEqual(["a", "b"]);
    relay.pass(20);
    expect(toldTypes(socket)).not.toContain("send.*");
  });

  it("whose outcomes were lost with the log says that they are not known", async ({ expect }) => {
    const { channel, socket } = await new FakeRelay().live(0);
    const sending = channel.send({ text: "hello", sendId: "s1" });
    await import("../../src/client/sends.ts");
    await Promise.resolve();
    socket.say({ type: "result", id: "s1", ok: true, data: { targets: ["a"] } });
    const send = await sending;
    socket.say({ type: "gap", from: at(0), to: at(9), cause: "expired", shed: 9 });
    expect((await send.settled).get("a")).toMatchObject({ ok: false, reason: "outcome_unknown" });
  });
});
