import type { AddressInfo } from "node:net";

import { WebSocketServer, type WebSocket } from "ws";

/** A bare provider in DLive's words, for as much as it is told to say and nothing else. */
export interface Source {
  readonly url: string;
  /** Resolves once somebody has subscribed. */
  subscribed(): Promise<void>;
  /** Says so many messages, so many a second; resolves when the last is out. */
  say(count: number, perSecond: number): Promise<void>;
  close(): Promise<void>;
}

const SLICE_MS = 5;

export async function startSource(): Promise<Source> {
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
    async say(count, perSecond) {
      const began = performance.now();
      for (let sent = 0; sent < count;) {
        const due = Math.min(count, Math.ceil(((performance.now() - began) * perSecond) / 1000));
        for (; sent < due; sent++) listener?.send(frame(++said));
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
function frame(number: number): string {
  const id = `${String(number).padStart(8, "0")}-0000-4000-8000-000000000000`;
  const content = `message number ${number}, of a length that people write`;
  return `{"payload":{"data":{"streamMessageReceived":[{"__typename":"ChatText","type":"Message","id":"${id}","content":"${content}","createdAt":"${Date.now()}000000","sender":{"username":"viewer${number % 100}","displayname":"Viewer${number % 100}","partnerStatus":"NONE","badges":[]},"role":"None","roomRole":"Member","subscribing":false}]}},"id":"1","type":"data"}`;
}
