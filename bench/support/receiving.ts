/*
 * The far end of webhooks, in a process of its own: takes whatever comes on `/live/…` and answers at
 * once; answers nothing at all on `/dead/…`.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Taken {
  deliveries: number;
  events: number;
  /** When the first and the last came. */
  firstAt: number;
  lastAt: number;
  /** Milliseconds from the record of an event to its arrival. */
  delays: number[];
}

const nothing = (): Taken => ({ deliveries: 0, events: 0, firstAt: 0, lastAt: 0, delays: [] });
let taken = nothing();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.url?.startsWith("/dead/") === true) return;
    const now = performance.timeOrigin + performance.now();
    note(Buffer.concat(chunks).toString(), now);
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;

function note(body: string, now: number): void {
  const read = JSON.parse(body) as Event | Event[];
  for (const { type, recordedtime } of Array.isArray(read) ? read : [read]) {
    if (!type.startsWith("custom.")) continue;
    taken.events += 1;
    taken.delays.push(now - Date.parse(recordedtime));
  }
  if (taken.deliveries === 0) taken.firstAt = now;
  taken.deliveries += 1;
  taken.lastAt = now;
}

interface Event {
  readonly type: string;
  readonly recordedtime: string;
}

process.on("message", () => {
  process.send?.(taken);
  taken = nothing();
});
server.listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port);
});
