/*
 * Many sockets in a process of their own, so that what they cost is not counted as the relay's. They
 * look at the bounds of every frame (is each range the next?) and at the events of a few.
 */
import { WebSocket } from "ws";

const [addresses = "", count = "0", ...ways] = process.argv.slice(2);
const urls = addresses.split(" ");

interface Report {
  /** Events that were told of, over all sockets. */
  delivered: number;
  frames: number;
  /** Ranges that did not begin where the last had ended. */
  breaks: number;
  gaps: number;
  closed: number;
  /** Milliseconds from being said to being heard, of a sample. */
  delays: number[];
}

let report: Report = fresh();
const SAMPLED = 20;
const sockets: WebSocket[] = [];

function fresh(): Report {
  return { delivered: 0, frames: 0, breaks: 0, gaps: 0, closed: 0, delays: [] };
}

function listen(index: number): Promise<void> {
  const socket = new WebSocket(urls[index % urls.length] ?? "", {
    perMessageDeflate: false,
    origin: undefined,
    // Each from an address of its own, as Cloudflare would say it.
    ...(ways.includes("apart") && { headers: { "cf-connecting-ip": addressOf(index) } }),
  });
  sockets.push(socket);
  let last = "";
  socket.on("close", () => (report.closed += 1));
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      const head = data.toString("latin1", 0, 120);
      if (head.startsWith('{"type":"hello"')) {
        last = /"position":"([^"]+)"/.exec(head)?.[1] ?? "";
        return resolve();
      }
      const bounds = /^\{"type":"events","from":"([^"]+)","to":"([^"]+)"/.exec(head);
      if (bounds === null) {
        if (head.startsWith('{"specversion"') || head.startsWith('{"payload"')) bare(data, index);
        else if (head.startsWith('{"type":"gap"')) {
          report.gaps += 1;
          // What was shed is in the next range, and was not delivered.
          report.delivered -= Number(/"shed":(\d+)/.exec(head)?.[1] ?? 0);
        }
        return;
      }
      const [, from = "", to = ""] = bounds;
      if (from !== last) report.breaks += 1;
      last = to;
      report.frames += 1;
      report.delivered += seq(to) - seq(from);
      if (index % SAMPLED === 0) sample(data);
    });
    if (ways.includes("bare")) socket.on("open", resolve);
  });
}

function addressOf(index: number): string {
  return `10.${process.pid % 256}.${index >> 8}.${index % 256}`;
}

function bare(data: Buffer, index: number): void {
  report.frames += 1;
  report.delivered += 1;
  if (index % SAMPLED !== 0) return;
  const said = /"createdAt":"(\d+)000000"/.exec(data.toString("latin1"))?.[1];
  if (said !== undefined) report.delays.push(Date.now() - Number(said));
}

function sample(data: Buffer): void {
  const now = Date.now();
  const { events } = JSON.parse(data.toString()) as { events: { time?: string }[] };
  for (const { time } of events) if (time !== undefined) report.delays.push(now - Date.parse(time));
}

function seq(position: string): number {
  return Number(position.slice(position.indexOf("-") + 1));
}

process.on("message", (message) => {
  if (message === "report") {
    process.send?.(report);
    report = fresh();
  }
});

const began = performance.now();
for (let opened = 0; opened < Number(count); opened += 100) {
  const batch = Math.min(100, Number(count) - opened);
  await Promise.all(Array.from({ length: batch }, (_, index) => listen(opened + index)));
}
process.send?.({ openedInMs: performance.now() - began });
