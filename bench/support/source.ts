import type { AddressInfo } from "node:net";

import { WebSocketServer, type WebSocket } from "ws";

/** A bare provider in DLive's words, for as much as it is told to say and nothing else. */
export interface Source {
  readonly url: string;
  /** Resolves once somebody has subscribed. */
  subscribed(): Promise<void>;
  /** Is somebody connected? */
  readonly isHeard: boolean;
  /** Says so many messages, so many a second; resolves when the last is out. */
  say(count: number, perSecond: number): Promise<void>;
  close(): Promise<void>;
}

const SLICE_MS = 5;

/** `isVaried`: no two messages are of the same words, as people's are not. */
export async function startSource(isVaried = false): Promise<Source> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  await new Promise((resolve) => {
    server.once("listening", resolve);
  });
  let listener: WebSocket | null = null;
  let tell: () => void = () => {};
  const subscribed = new Promise<void>((resolve) => {
    tell = resolve;
  });
  server.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { type: string };
      if (frame.type === "connection_init") {
        socket.send('{"type":"connection_ack"}');
        socket.send('{"type":"ka"}');
      }
      if (frame.type === "start") {
        listener = socket;
        tell();
      }
    });
  });
  const alive = setInterval(() => listener?.send('{"type":"ka"}'), 20_000);
  let said = 0;
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    subscribed: () => subscribed,
    get isHeard() {
      return server.clients.size > 0;
    },
    async say(count, perSecond) {
      const began = performance.now();
      for (let sent = 0; sent < count;) {
        const due = Math.min(count, Math.ceil(((performance.now() - began) * perSecond) / 1000));
        for (; sent < due; sent++) {
          said += 1;
          listener?.send(frame(said, isVaried ? vary(said) : plain(said)));
        }
        await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
      }
    },
    async close() {
      clearInterval(alive);
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** About 400 bytes, as chat messages are; `createdAt` is when it was said. */
function frame(number: number, content: string): string {
  const id = `${String(number).padStart(8, "0")}-0000-4000-8000-000000000000`;
  return `{"payload":{"data":{"streamMessageReceived":[{"__typename":"ChatText","type":"Message","id":"${id}","content":"${content}","createdAt":"${Date.now()}000000","sender":{"username":"viewer${number % 100}","displayname":"Viewer${number % 100}","partnerStatus":"NONE","badges":[]},"role":"None","roomRole":"Member","subscribing":false}]}},"id":"1","type":"data"}`;
}

function plain(number: number): string {
  return `message number ${number}, of a length that people write`;
}

const WORDS =
  "the a is it that this was what when how really not just like you he they we good bad play game run boss hit miss lol nice wait again chat stream song clip raid sub first last time never always maybe please thanks hello tomorrow yesterday speed level jump wall door left right up down".split(
    " ",
  );

/** One to sixteen words, the same for the same number. */
function vary(number: number): string {
  let state = Math.imul(number, 2_654_435_761) >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: 1 + next(16) }, () => WORDS[next(WORDS.length)] ?? "").join(" ");
}
