import type { Context } from "hono";

import { CHANNEL_HEADER, type Crowded } from "../calls.ts";
import type { Principal } from "../event/principal.ts";
import { isRecord } from "../lib/json.ts";
import { objectOf } from "./access.ts";
import type { AppEnv } from "./env.ts";
import { hubFor } from "./hubs.ts";

/** A socket's wish as headers. `principal`: whose it turned out to be; null for whose it was. */
type WishHeaders = (principal: Principal | null) => Record<string, string>;

/**
 * Asks for a socket of a channel: in the channel's own object, or, where that has no more room, in a
 * hub. Whoever asks cannot tell which.
 */
export async function seated(
  c: Context<AppEnv>,
  channel: string,
  wish: WishHeaders,
): Promise<Response> {
  const headers = { upgrade: "websocket", ...wish(null) };
  const response = await objectOf(c, channel).fetch("https://channel/socket", { headers });
  if (response.status !== 503) return response;
  const answer: unknown = await response.clone().json();
  if (!isCrowded(answer)) return response;
  return hubFor(c).fetch("https://hub/socket", {
    headers: { upgrade: "websocket", [CHANNEL_HEADER]: channel, ...wish(answer.principal) },
  });
}

/** Asks for a socket that names its channels in frames: those live in hubs. */
export function seatedFree(c: Context<AppEnv>, wish: Record<string, string>): Promise<Response> {
  return hubFor(c).fetch("https://hub/socket", { headers: { upgrade: "websocket", ...wish } });
}

function isCrowded(answer: unknown): answer is Crowded {
  return isRecord(answer) && answer["code"] === "crowded";
}
