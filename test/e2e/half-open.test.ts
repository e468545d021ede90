import { afterAll, beforeAll, describe, it } from "vitest";
import { WebSocket } from "ws";

import { call, startRelay, type StartedRelay } from "./support/relay.ts";

// Half open, it would be ended when its object goes to sleep, ten seconds later at the soonest.
const AT_ONCE_MS = 5_000;

let relay: StartedRelay;

beforeAll(async () => {
  relay = await startRelay();
  await call(relay, "POST", "/channels", { id: "demo" });
});
afterAll(() => relay.kill());

/** A socket with all it has been told. */
class Listener {
  readonly socket: WebSocket;
  readonly frames: Record<string, unknown>[] = [];
  readonly closed: Promise<number>;
  readonly #opened: Promise<unknown>;
  #heard: () => void = () => undefined;

  constructor(path: string, key?: string) {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    this.socket = new WebSocket(new URL(path, relay.socketUrl), { headers });
    this.#opened = new Promise((resolve) => this.socket.once("open", resolve));
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.on("message", (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as Record<string, unknown>);
      this.#heard();
    });
  }

  async hears(type: string): Promise<Record<string, unknown>> {
    await this.#opened;
    for (;;) {
      const found = this.frames.find((frame) => frame["type"] === type);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  async pings(): Promise<void> {
    this.socket.send('{"type":"ping"}');
    await this.hears("pong");
  }
}

async function makeKey(): Promise<{ id: string; key: string }> {
  const asked = { name: "to be revoked", scopes: ["events:read"], channels: ["demo"] };
  const { id, key } = await call<{ id: string; key: string }>(relay, "POST", "/keys", asked);
  return { id, key };
}

describe("a socket that the relay closes", () => {
  it("is closed at once where it is refused as it opens, though its client says nothing", async ({
    expect,
  }) => {
    const before = Date.now();
    const refused = new Listener("/gateways/astro?reconnect_token=nope");
    expect(await refused.closed).toBe(1008);
    expect(Date.now() - before).toBeLessThan(AT_ONCE_MS);
  });

  it("is told so in a last frame, which a client that says nothing hears at once", async ({
    expect,
  }) => {
    const { id, key } = await makeKey();
    const silent = new Listener("/v1/channels/demo/socket", key);
    await silent.hears("hello");
    await call(relay, "DELETE", `/keys/${id}`);
    expect(await silent.hears("closing")).toMatchObject({ code: 4001 });
    silent.socket.terminate();
  });

  it("is left half open by the runtime where its client has never sent a frame: the day it is not, see decision 0116", async ({
    expect,
  }) => {
    const { id, key } = await makeKey();
    const silent = new Listener("/v1/channels/demo/socket", key);
    await silent.hears("hello");
    const speaking = new Listener("/v1/channels/demo/socket", key);
    await speaking.hears("hello");
    await speaking.pings();
    await call(relay, "DELETE", `/keys/${id}`);
    await silent.hears("closing");
    expect(await speaking.closed).toBe(4001);
    // Another comes and goes meanwhile: there was time enough.
    const next = await makeKey();
    const another = new Listener("/v1/channels/demo/socket", next.key);
    await another.hears("hello");
    await another.pings();
    await call(relay, "DELETE", `/keys/${next.id}`);
    expect(await another.closed).toBe(4001);
    expect(silent.socket.readyState).toBe(WebSocket.CLOSING);
    silent.socket.terminate();
  });
});
