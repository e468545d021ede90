import { exports } from "cloudflare:workers";

import { call, ORIGIN } from "./api.ts";
import { TestSocket } from "./sockets.ts";

/** A token of one channel, for the field where a protocol's client puts its own. */
export async function tokenOf(
  channel: string,
  scopes: readonly string[] = ["events:read", "chat:write", "interface:write", "interact:write"],
  about: Record<string, unknown> = {},
): Promise<string> {
  const { body } = await call<{ token: string }>("POST", `/channels/${channel}/tokens`, {
    scopes,
    ttlSeconds: 600,
    ...about,
  });
  return body.token;
}

/** Asks for a gateway's socket; answers whatever came of it. */
export function knock(
  path: string,
  protocols: readonly string[] = [],
  origin: string = ORIGIN,
): Promise<Response> {
  return exports.default.fetch(`${origin}${path}`, {
    headers: {
      upgrade: "websocket",
      ...(protocols.length > 0 && { "sec-websocket-protocol": protocols.join(", ") }),
    },
  });
}

/** A socket of a gateway. */
export async function dial(
  path: string,
  protocols: readonly string[] = [],
  origin: string = ORIGIN,
): Promise<TestSocket> {
  const response = await knock(path, protocols, origin);
  if (response.webSocket === null) {
    throw new Error(`no socket: ${response.status} ${await response.text()}`);
  }
  return new TestSocket(response.webSocket, response.headers.get("sec-websocket-protocol") ?? "");
}

/** The next frame as the protocol has it. */
export async function frameOf<T = Record<string, never>>(socket: TestSocket): Promise<T> {
  return JSON.parse(await socket.nextText()) as T;
}

/** Posts events, one after the other, as a program does. */
export async function post(channel: string, ...events: object[]): Promise<string[]> {
  const { status, body } = await call<{ ids: string[] }>(
    "POST",
    `/channels/${channel}/events`,
    events,
  );
  if (status !== 201) throw new Error(`not posted: ${JSON.stringify(body)}`);
  return body.ids;
}
