import type { Context } from "hono";

import { SOCKET_REQUEST_HEADER, type SocketRequest } from "../calls/socket.ts";
import { RelayError, type ErrorCode } from "../errors.ts";
import { findRights, type Principal } from "../event/principal.ts";
import { encodeHeaderJson } from "../lib/header-json.ts";
import { isRecord } from "../lib/json.ts";
import type { ChannelRecord } from "../store/history/channels.ts";
import type { AppEnv } from "./env.ts";
import { findFrom } from "./guards.ts";
import { openSeatedSocket } from "./seats.ts";

/** Why an object may refuse a socket. */
const REFUSALS: readonly ErrorCode[] = ["ticket_invalid", "unauthorized", "forbidden"];

/** Opens a socket on a channel. Nothing of the client's own request goes with it. */
export async function openSocket(
  c: Context<AppEnv>,
  channel: ChannelRecord,
  asked: Omit<SocketRequest, "channel" | "from">,
): Promise<WebSocket> {
  const request: SocketRequest = { ...asked, channel, from: findFrom(c) };
  const response = await openSeatedSocket(c, channel, (principal) => ({
    [SOCKET_REQUEST_HEADER]: encodeHeaderJson(
      principal === null ? request : { ...request, principal },
    ),
  }));
  if (response.webSocket !== null) return response.webSocket;
  const retryAfter = response.headers.get("retry-after");
  if (retryAfter !== null) {
    throw new RelayError("unavailable", "There is no room for another socket now.", {
      headers: { "retry-after": retryAfter },
    });
  }
  const refusal: unknown = await response.json();
  if (!isRecord(refusal)) throw new RelayError("channel_not_found", "No such channel.");
  const code = REFUSALS.find((each) => each === refusal["code"]) ?? "channel_not_found";
  const { detail } = refusal;
  throw new RelayError(code, typeof detail === "string" ? detail : "The socket was refused.");
}

/** The provider's words go along only for those who may manage the channel. */
export function checkRaw(raw: boolean, principal: Principal, channel: ChannelRecord): void {
  if (!raw || findRights(principal, channel, Date.now()).includes("channels:manage")) return;
  throw new RelayError("forbidden", "raw=true needs the scope channels:manage.");
}

/** The sub-protocols that a client offers, in its order. */
export function listOfferedProtocols(header: string | undefined): string[] {
  return header?.split(",").map((each) => each.trim()) ?? [];
}
