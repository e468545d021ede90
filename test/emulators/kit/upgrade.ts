import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

import type { Refusal } from "./gate.ts";
import { splitAddress } from "./http.ts";
import type { Dialled } from "./truth.ts";

/** What an upgrade request says of itself. */
export function readDial(request: IncomingMessage): Pick<Dialled, "path" | "query" | "offered"> {
  const { path, query } = splitAddress(request.url);
  const offered = (request.headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return { path, query: Object.fromEntries(query), offered };
}

/** Answers an upgrade with plain HTTP instead, and hangs up. */
export function refuseUpgrade(stream: Duplex, refusal: Refusal): void {
  const { status, retryAfter } = refusal;
  const text = refusal.text ?? JSON.stringify(refusal.body ?? usualBody(status));
  const type = refusal.text === undefined ? "application/json; charset=utf-8" : "text/plain";
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}`,
    "connection: close",
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(text)}`,
    ...(retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`]),
  ];
  stream.once("finish", () => stream.destroy());
  stream.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}

function usualBody(status: number): unknown {
  return { error: { message: STATUS_CODES[status] ?? "Refused" } };
}
