import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/*
 * A plain HTTP server that takes webhooks, outside the runtime: what it answers is told by name, and
 * what it got can be asked for. It shares no code with the relay.
 *
 * - any method on `/hooks/<name>`: taken, and answered as told; 204 unless told otherwise
 * - `PUT /__receiver/<name>`: the answers to come, the last one for all that follow
 * - `GET /__receiver/<name>?count=n`: what it got, once there are `n` of them
 */

export type Fault =
  | "silent"
  | "drip"
  | "stall"
  | "flood"
  | "reset"
  | "cut"
  | "garble"
  | "unread"
  | "shut";

/** How a request is answered. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /**
   * `silent`: nothing at all. `drip`: headers, then a byte now and then. `stall`: headers, and no body.
   * `flood`: 100 MiB. `reset`: the connection breaks. `cut`: it breaks in the middle of the body.
   * `garble`: a body that is not what its headers say. `unread`: the request's body is not read.
   * `shut`: nor is it, and nothing comes after the answer.
   */
  readonly fault?: Fault;
  readonly delayMs?: number;
}

/** A request as it came. */
export interface Received {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly at: number;
}

interface Hook {
  replies: Reply[];
  readonly received: Received[];
  readonly waiting: { readonly count: number; readonly tell: () => void }[];
  /** Bytes of answers that were written. */
  written: number;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  hook(name: string): Hook;
  reply(name: string, ...replies: Reply[]): void;
  /** Resolves once a hook has got so many requests. */
  until(name: string, count: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const hooks = new Map<string, Hook>();
  const sockets = new Set<Socket>();
  const hook = (name: string): Hook => {
    const known = hooks.get(name);
    if (known !== undefined) return known;
    const made: Hook = { replies: [], received: [], waiting: [], written: 0 };
    hooks.set(name, made);
    return made;
  };
  const until = (name: string, count: number): Promise<readonly Received[]> => {
    const { received, waiting } = hook(name);
    if (received.length >= count) return Promise.resolve(received);
    return new Promise((resolve) => {
      waiting.push({ count, tell: () => resolve(received) });
    });
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://receiver");
    const [, room = "", name = ""] = url.pathname.split("/");
    if (room !== "__receiver") return take(hook(name), request, response);
    if (request.method === "PUT") {
      hook(name).replies = JSON.parse(await read(request)) as Reply[];
      response.end("{}");
      return;
    }
    const received = await until(name, Number(url.searchParams.get("count") ?? 0));
    response.end(JSON.stringify({ received, written: hook(name).written }));
  };
  const server: Server = createServer((request, response) => {
    response.on("error", () => {});
    void handle(request, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    hook,
    reply: (name, ...replies) => void (hook(name).replies = replies),
    until,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // Whoever sent it has gone.
  }
  return Buffer.concat(chunks).toString();
}

async function take(hook: Hook, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const isUnread = UNREAD.has(hook.replies[0]?.fault);
  const body = isUnread ? "" : await read(request);
  const reply = (hook.replies.length > 1 ? hook.replies.shift() : hook.replies[0]) ?? {};
  hook.received.push({ method: request.method ?? "", headers, body, at: Date.now() });
  for (const each of hook.waiting.splice(0)) {
    if (hook.received.length >= each.count) each.tell();
    else hook.waiting.push(each);
  }
  if (reply.delayMs !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, reply.delayMs));
  }
  answer(hook, reply, response);
}

const UNREAD = new Set<Fault | undefined>(["unread", "shut"]);

const CHUNK = Buffer.alloc(64 * 1024, "x");
const FLOOD_BYTES = 100 * 1024 * 1024;

function answer(hook: Hook, reply: Reply, response: ServerResponse): void {
  const { status = 204, headers = {}, body = "", fault } = reply;
  switch (fault) {
    case "silent":
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "cut":
      response.writeHead(status, { ...headers, "content-length": "1000" });
      response.write("some of it", () => response.socket?.resetAndDestroy());
      return;
    case "drip": {
      response.writeHead(status, headers);
      const drop = setInterval(() => response.write("."), 100);
      response.on("close", () => clearInterval(drop));
      return;
    }
    case "stall":
      response.writeHead(status, headers);
      response.flushHeaders();
      return;
    case "garble":
      response.writeHead(status, { ...headers, "content-encoding": "gzip" });
      response.end("this is not compressed");
      return;
    case "unread":
      response.writeHead(status, headers);
      response.end();
      return;
    case "shut":
      response.writeHead(status, { ...headers, "content-length": "2" });
      response.write("ok", () => response.socket?.end());
      return;
    case "flood": {
      response.writeHead(status, headers);
      const pour = (): void => {
        while (hook.written < FLOOD_BYTES && !response.destroyed) {
          hook.written += CHUNK.length;
          if (!response.write(CHUNK)) return void response.once("drain", pour);
        }
        response.end();
      };
      return pour();
    }
    case undefined:
      response.writeHead(status, headers);
      response.end(status === 204 ? undefined : body);
  }
}
