import type { Context } from "hono";

import { WISH_HEADER, type SocketWish } from "../calls/channel.ts";
import { RelayError } from "../errors.ts";
import { mayOn, type Principal } from "../event/principal.ts";
import { isRecord } from "../lib/json.ts";
import type { AppEnv } from "./env.ts";
import { seated } from "./seats.ts";

/** Opens a socket on a channel. Nothing of the client's own request goes with it. */
export async function openSocket(
  c: Context<AppEnv>,
  channel: string,
  wish: SocketWish,
): Promise<WebSocket> {
  const response = await seated(c, channel, (principal) => ({
    [WISH_HEADER]: encodeURIComponent(
      JSON.stringify(principal === null ? wish : { ...wish, principal }),
    ),
  }));
  if (response.webSocket !== null) return response.webSocket;
  const refusal: unknown = await response.json();
  const code = isRecord(refusal) && refusal["code"] === "ticket_invalid" ? "ticket_invalid" : null;
  throw new RelayError(code ?? "channel_not_found", "The socket was refused.");
}

/** The provider's words go along only for those who may manage the channel. */
export function checkRaw(raw: boolean, principal: Principal | null, channel: string): void {
  if (!raw || (principal !== null && mayOn(principal, "channels:manage", channel))) return;
  throw new RelayError("forbidden", "raw=true needs the scope channels:manage.");
}

/** The sub-protocols that a client offers, in its order. */
export function offeredProtocols(header: string | undefined): string[] {
  return header?.split(",").map((each) => each.trim()) ?? [];
}
