import { Hono, type Context } from "hono";

import { GATEWAY_HEADER, type GatewayWish } from "../../calls/channel.ts";
import { isBoundTo, mayOn, type Principal } from "../../event/principal.ts";
import type { Admission, GatewayAdapter, Refused } from "../../protocols/gateway.ts";
import { gatewayAdapter } from "../../protocols/registry.ts";
import {
  findChannel,
  findChannelByNumber,
  type ChannelRecord,
} from "../../store/history/channels.ts";
import { principalFor } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { addressed } from "../gateway-address.ts";
import { seated, seatedFree } from "../seats.ts";
import { offeredProtocols } from "../sockets.ts";
import { answerRequest } from "./gateway-requests.ts";

/**
 * The five protocols, served. It stands apart from all routes that set headers: an upgrade's answer
 * comes from an object and cannot be changed. Origins are not looked at: these protocols carry
 * their credential in the address or in a frame, so a page has only what it was given.
 */
export const gatewayRoutes = new Hono<AppEnv>().use(async (c, next) => {
  const isUpgrade = c.req.header("upgrade")?.toLowerCase() === "websocket";
  const offered = offeredProtocols(c.req.header("sec-websocket-protocol"));
  const asked = { url: new URL(c.req.url), method: c.req.method, isUpgrade, offered };
  const found = addressed(asked);
  if (found === null) return next();
  const adapter = gatewayAdapter(found.protocol);
  if (adapter === undefined) return next();
  if (!isUpgrade) return (await answerRequest(c, adapter, found.request.path)) ?? next();
  const admission = adapter.admit(found.request);
  if (admission === null) return next();
  try {
    return await open(c, adapter, admission);
  } catch (error) {
    // What fails here is away for a while, and clients of these protocols read no problem bodies.
    const cause = error instanceof Error ? error.name : "unknown";
    console.error("gateway failed", { protocol: adapter.protocol, error: cause });
    return refusal(adapter, "unavailable", admission);
  }
});

async function open(
  c: Context<AppEnv>,
  adapter: GatewayAdapter,
  admission: Admission,
): Promise<Response> {
  const authorized = await authorize(c, adapter, admission);
  if (!authorized.ok) return refusal(adapter, authorized.why, admission);
  const { principal, channel } = authorized;
  const { about, bring = null } = admission;
  const wish: GatewayWish = { protocol: adapter.protocol, about, principal, bring };
  const headers = { [GATEWAY_HEADER]: encodeURIComponent(JSON.stringify(wish)) };
  const response = await (channel === null
    ? seatedFree(c, headers)
    : seated(c, channel.id, () => headers));
  if (response.webSocket === null) return refusal(adapter, "unavailable", admission);
  return switched(response.webSocket, admission.subprotocol);
}

type Authorized =
  | {
      readonly ok: true;
      readonly principal: Principal | null;
      readonly channel: ChannelRecord | null;
    }
  | { readonly ok: false; readonly why: Refused };

/** Looks at the credential and the channel in the address, where the protocol has them there. */
async function authorize(
  c: Context<AppEnv>,
  adapter: GatewayAdapter,
  admission: Admission,
): Promise<Authorized> {
  if (adapter.seat === "hub") return { ok: true, principal: null, channel: null };
  if (admission.refused !== undefined) return { ok: false, why: admission.refused };
  const { credential } = admission;
  if (credential === null || credential === "") return { ok: false, why: "no_credential" };
  const principal = await principalFor(c.env, credential, Date.now());
  if (principal === null) return { ok: false, why: "unauthorized" };
  const db = c.env.DB.withSession();
  const id = admission.channel ?? (principal.channels?.length === 1 ? principal.channels[0] : null);
  if (id == null) return { ok: false, why: "forbidden" };
  const channel = (await findChannel(db, id)) ?? (await byNumber(db, admission.channel));
  if (channel === null) return { ok: false, why: "channel_not_found" };
  const isSame = principal.number === undefined || principal.number === channel.number;
  const may =
    mayOn(principal, admission.needs ?? adapter.needs, channel.id) &&
    isBoundTo(principal, channel.id);
  return may && isSame ? { ok: true, principal, channel } : { ok: false, why: "forbidden" };
}

function byNumber(
  db: D1DatabaseSession,
  text: string | null,
): Promise<ChannelRecord | null> | null {
  return text !== null && /^\d{1,15}$/.test(text) ? findChannelByNumber(db, Number(text)) : null;
}

/** Says no as the protocol says it. */
function refusal(
  adapter: GatewayAdapter,
  why: Refused,
  { about, subprotocol }: Admission,
): Response {
  const told = adapter.refuse(why, about);
  if (told.kind === "answer") {
    return new Response(told.body, {
      status: told.status,
      headers: { "content-type": told.type, "cache-control": "no-store" },
    });
  }
  const { 0: theirs, 1: ours } = new WebSocketPair();
  ours.accept();
  for (const frame of told.frames) ours.send(frame);
  ours.close(told.code, told.reason);
  return switched(theirs, subprotocol);
}

function switched(webSocket: WebSocket, subprotocol: string | null): Response {
  const headers = subprotocol === null ? {} : { "sec-websocket-protocol": subprotocol };
  return new Response(null, { status: 101, webSocket, headers });
}
