import { Hono, type Context } from "hono";

import { GATEWAY_HEADER, type GatewayUpgrade } from "../../calls/socket.ts";
import { cutTo, findRights, type Principal, type Scope } from "../../event/principal.ts";
import { encodeHeaderJson } from "../../lib/header-json.ts";
import { isRecord } from "../../lib/json.ts";
import type { Admission, GatewayAdapter, Refused } from "../../protocols/gateway.ts";
import { findGatewayAdapter } from "../../protocols/registry.ts";
import { report } from "../../report.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { tryAuthenticate } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { resolveGateway } from "../gateway-address.ts";
import { limitRate, findFrom, isCredentialOverRate, isUpgrade } from "../guards.ts";
import { lookUpNow, lookUpRecent, type LookUps } from "../look-ups.ts";
import { makeRetryAfter } from "../problems.ts";
import { openSeatedSocket, openHubSocket } from "../seats.ts";
import { listOfferedProtocols } from "../sockets.ts";
import { answerRequest } from "./gateway-requests.ts";

/**
 * The protocols, served. It stands apart from all routes that set headers: an upgrade's answer
 * comes from an object and cannot be changed. Origins are not looked at: these protocols carry
 * their credential in the address or in a frame, so a page has only what it was given.
 */
export const gatewayRoutes = new Hono<AppEnv>().use(async (c, next) => {
  const isDialled = isUpgrade(c);
  const offered = listOfferedProtocols(c.req.header("sec-websocket-protocol"));
  const asked = { url: new URL(c.req.url), method: c.req.method, isUpgrade: isDialled, offered };
  const found = resolveGateway(asked);
  if (found === null) return next();
  const adapter = findGatewayAdapter(found.protocol);
  if (adapter === undefined) return next();
  if (!isDialled) return (await answerRequest(c, adapter, found.request.path)) ?? next();
  const admission = adapter.admit(found.request);
  if (admission === null) return next();
  await limitRate(c, () => Promise.resolve());
  try {
    return await open(c, adapter, admission);
  } catch (error) {
    // What fails here is away for a while, and clients of these protocols read no problem bodies.
    report("gateway failed", error, { protocol: adapter.protocol });
    return makeRefusal(adapter, "unavailable", admission);
  }
});

async function open(
  c: Context<AppEnv>,
  adapter: GatewayAdapter,
  admission: Admission,
): Promise<Response> {
  const recent = lookUpRecent(c.env.DB);
  const opened = await tryOpen(c, adapter, admission, recent);
  const isRefused = typeof opened === "string";
  // By what was true a moment ago nobody is refused.
  const answer =
    isRefused && recent.isOld ? await tryOpen(c, adapter, admission, lookUpNow(c.env.DB)) : opened;
  return typeof answer === "string" ? makeRefusal(adapter, answer, admission) : answer;
}

async function tryOpen(
  c: Context<AppEnv>,
  adapter: GatewayAdapter,
  admission: Admission,
  lookUps: LookUps,
): Promise<Response | Refused> {
  const authorized = await authorize(c, adapter, admission, lookUps);
  if (!authorized.ok) return authorized.why;
  const { principal, needs, channel } = authorized;
  const { about, bring = null } = admission;
  const { protocol } = adapter;
  const from = findFrom(c);
  const request: GatewayUpgrade = { protocol, about, principal, needs, channel, bring, from };
  const headers = { [GATEWAY_HEADER]: encodeHeaderJson(request) };
  const response = await (channel === null
    ? openHubSocket(c, headers)
    : openSeatedSocket(c, channel, () => headers));
  if (response.webSocket === null) {
    return passOnRetryAfter(response) ?? readRefusal(response);
  }
  return makeUpgradeResponse(response.webSocket, admission.subprotocol);
}

type Authorized =
  | {
      readonly ok: true;
      readonly principal: Principal | null;
      /** The scope that the socket needs for as long as it is there. */
      readonly needs: Scope;
      readonly channel: ChannelRecord | null;
    }
  | { readonly ok: false; readonly why: Refused };

/** Looks at the credential and the channel in the address, where the protocol has them there. */
async function authorize(
  c: Context<AppEnv>,
  adapter: GatewayAdapter,
  admission: Admission,
  lookUps: LookUps,
): Promise<Authorized> {
  const needs = admission.needs ?? adapter.needs;
  if (adapter.seat === "hub") return { ok: true, principal: null, needs, channel: null };
  if (admission.refused !== undefined) return { ok: false, why: admission.refused };
  const { credential } = admission;
  if (credential === null || credential === "") return { ok: false, why: "no_credential" };
  const principal = await tryAuthenticate(c.env, credential, Date.now(), lookUps);
  if (principal === null) return { ok: false, why: "unauthorized" };
  if (await isCredentialOverRate(c, principal)) return { ok: false, why: "unavailable" };
  const [only] = principal.channels?.length === 1 ? principal.channels : [];
  const id = admission.channel ?? only?.id ?? null;
  if (id == null) return { ok: false, why: "forbidden" };
  const channel =
    (await lookUps.findChannel(id)) ?? (await findNumberedChannel(lookUps, admission.channel));
  if (channel === null) return { ok: false, why: "channel_not_found" };
  if (!findRights(principal, channel, Date.now()).includes(needs)) {
    return { ok: false, why: "forbidden" };
  }
  return { ok: true, principal: cutTo(principal, channel), needs, channel };
}

/** Why an object has refused a socket that the door had let through. */
async function readRefusal(response: Response): Promise<Refused> {
  const told: unknown = await response.json();
  const code = isRecord(told) ? told["code"] : null;
  return OBJECTS_REFUSALS.find((each) => each === code) ?? "unavailable";
}

const OBJECTS_REFUSALS: readonly Refused[] = ["unauthorized", "forbidden"];

function findNumberedChannel(
  lookUps: LookUps,
  text: string | null,
): Promise<ChannelRecord | null> | null {
  return text !== null && /^\d{1,15}$/.test(text)
    ? lookUps.findNumberedChannel(Number(text))
    : null;
}

/** Passes on the 503 of an object without room: no protocol has a better word for it. */
function passOnRetryAfter({ status, headers }: Response): Response | null {
  const retryAfter = headers.get("retry-after");
  if (retryAfter === null) return null;
  return new Response("try again later", {
    status,
    headers: { "retry-after": retryAfter, "cache-control": "no-store" },
  });
}

/** Says no as the protocol says it. */
function makeRefusal(
  adapter: GatewayAdapter,
  why: Refused,
  { about, subprotocol }: Admission,
): Response {
  const told = adapter.refuse(why, about);
  if (told.kind === "answer") {
    return new Response(told.body, {
      status: told.status,
      headers: {
        ...makeRetryAfter(told.status),
        "content-type": told.type,
        "cache-control": "no-store",
      },
    });
  }
  const { 0: theirs, 1: ours } = new WebSocketPair();
  ours.accept();
  for (const frame of told.frames) ours.send(frame);
  ours.close(told.code, told.reason);
  return makeUpgradeResponse(theirs, subprotocol);
}

function makeUpgradeResponse(webSocket: WebSocket, subprotocol: string | null): Response {
  const headers = subprotocol === null ? {} : { "sec-websocket-protocol": subprotocol };
  return new Response(null, { status: 101, webSocket, headers });
}
