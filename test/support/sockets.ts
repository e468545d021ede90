import { exports } from "cloudflare:workers";

import { ADMIN, ORIGIN, type ShownEvent } from "./api.ts";

/** A frame of the native protocol, loosely. */
export interface Frame {
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly events: readonly ShownEvent[];
  readonly [key: string]: unknown;
}

/** A client's socket that loses no frame: they are kept from the first one on. */
export class TestSocket {
  readonly #socket: WebSocket;
  readonly #frames: string[] = [];
  readonly #events: ShownEvent[] = [];
  #wake: (() => void) | null = null;
  #end: { code: number; reason: string } | null = null;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly protocol: string;

  constructor(socket: WebSocket, protocol: string) {
    this.#socket = socket;
    this.protocol = protocol;
    socket.addEventListener("message", ({ data }) => {
      this.#frames.push(String(data));
      this.#wake?.();
    });
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => {
        this.#end = { code, reason };
        this.#wake?.();
        resolve(this.#end);
      });
    });
    socket.accept();
  }

  /** The next frame as text, as soon as there is one; rejects if none can come any more. */
  async nextText(): Promise<string> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      if (this.#end !== null) throw new Error(`closed: ${JSON.stringify(this.#end)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async next(): Promise<Frame> {
    return JSON.parse(await this.nextText()) as Frame;
  }

  /** The next frame of a type; what comes before it is dropped. */
  async nextOf(type: string): Promise<Frame> {
    for (;;) {
      const frame = await this.next();
      if (frame.type === type) return frame;
    }
  }

  /** The next so many events; fails on a gap, so that none goes unseen. */
  async events(count: number): Promise<ShownEvent[]> {
    while (this.#events.length < count) {
      const frame = await this.next();
      if (frame.type === "gap") throw new Error(`unexpected ${JSON.stringify(frame)}`);
      if (frame.type === "events") this.#events.push(...frame.events);
    }
    return this.#events.splice(0, count);
  }

  /** The next event of a type; those before it are passed over. */
  async nextEvent(type: string): Promise<ShownEvent> {
    for (;;) {
      const [event] = await this.events(1);
      if (event?.type === type) return event;
    }
  }

  /** What has come and was not taken. */
  get unread(): readonly string[] {
    return this.#frames;
  }

  send(frame: unknown): void {
    this.#socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  sendBinary(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  close(code = 1000, reason = "done"): void {
    this.#socket.close(code, reason);
  }
}

interface ConnectOptions {
  readonly key?: string | null;
  readonly protocols?: readonly string[];
  readonly headers?: Record<string, string>;
}

/** Asks for a socket; answers whatever came of it. */
export function upgrade(
  path: string,
  { key = ADMIN, protocols = [], headers = {} }: ConnectOptions = {},
): Promise<Response> {
  return exports.default.fetch(`${ORIGIN}/v1${path}`, {
    headers: {
      upgrade: "websocket",
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(protocols.length > 0 && { "sec-websocket-protocol": protocols.join(", ") }),
      ...headers,
    },
  });
}

/** Opens a native socket on a channel. */
export async function connect(
  channel: string,
  query = "",
  options: ConnectOptions = {},
): Promise<TestSocket> {
  const response = await upgrade(`/channels/${channel}/socket${query}`, options);
  if (response.webSocket === null) {
    throw new Error(`no socket: ${response.status} ${await response.text()}`);
  }
  return new TestSocket(response.webSocket, response.headers.get("sec-websocket-protocol") ?? "");
}
