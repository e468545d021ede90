import type { Context } from "hono";

import { cutTo, mayAnywhere, findRights, type Principal } from "../../event/principal.ts";
import { readBounded } from "../../lib/read-bounded.ts";
import type { GatewayFinding, GatewayNeed, GatewayReply } from "../../protocols/gateway-request.ts";
import type { GatewayAdapter } from "../../protocols/gateway.ts";
import { findChannel } from "../../store/history/channels.ts";
import { getChannelObject } from "../access.ts";
import { tryAuthenticate } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { limitRate, limitCredential } from "../guards.ts";
import { makeRetryAfter } from "../problems.ts";

/** Far more than a query and a message. */
const BODY_MAX_BYTES = 65_536;

// The credential is in a header that no page sends by itself: any page may ask with its own.
const ANY_PAGE = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after",
};
const HEADERS = { ...ANY_PAGE, "cache-control": "no-store" };

const PREFLIGHT = {
  ...HEADERS,
  "access-control-allow-methods": "POST",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "86400",
};

/** Answers a request of a protocol that has an HTTP side; null if it is none of its own. */
export async function answerRequest(
  c: Context<AppEnv>,
  adapter: GatewayAdapter,
  path: string,
): Promise<Response | null> {
  const { method } = c.req;
  if (adapter.request === undefined || (method !== "POST" && method !== "OPTIONS")) return null;
  // Whatever becomes of it, the page may read that, also where it fails or is one too many.
  for (const [name, value] of Object.entries(ANY_PAGE)) c.res.headers.set(name, value);
  if (method === "POST") await limitRate(c, () => Promise.resolve());
  const body = method === "POST" ? await readBody(c.req.raw) : "";
  const authorization = c.req.header("authorization") ?? null;
  const round = adapter.request({ path, authorization, body: body ?? "" });
  if (round === null) return null;
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: PREFLIGHT });
  if (body === null) return new Response("too large", { status: 413, headers: HEADERS });
  const principal = await tryAuthenticate(c.env, round.credential, Date.now());
  if (principal !== null) await limitCredential(c, principal);
  const findings: GatewayFinding[] = [];
  for (const need of principal === null ? [] : round.needs) {
    if (principal !== null) findings.push(await find(c, principal, need));
  }
  return makeResponse(round.answer(principal, findings, Date.now()));
}

async function find(
  c: Context<AppEnv>,
  principal: Principal,
  need: GatewayNeed,
): Promise<GatewayFinding> {
  if (need.type === "channel") return { type: "channel", channel: await look(c, principal, need) };
  const { channel: id, content } = need;
  const forbidden = { ok: false, code: "forbidden", detail: "permission denied" } as const;
  const channel = await findChannel(c.env.DB.withSession(), id);
  if (channel === null && mayAnywhere(principal, "chat:write", Date.now())) {
    const gone = { ok: false, code: "channel_not_found", detail: "streamer not found" } as const;
    return { type: "send", answer: gone };
  }
  if (channel === null || !findRights(principal, channel, Date.now()).includes("chat:write")) {
    return { type: "send", answer: forbidden };
  }
  const { credentialId: sender } = principal;
  // Named here, so that asking once more is no second send.
  const ask = { sendId: crypto.randomUUID(), content, to: null, sender };
  return {
    type: "send",
    answer: await getChannelObject(c, channel).send(cutTo(principal, channel), ask),
  };
}

/** A channel that whoever asks may read: public, or theirs. */
async function look(
  c: Context<AppEnv>,
  principal: Principal,
  need: GatewayNeed & { type: "channel" },
): Promise<(GatewayFinding & { type: "channel" })["channel"]> {
  const own = principal.channels?.length === 1 ? principal.channels[0] : undefined;
  const id = need.channel ?? own?.id;
  if (id === undefined) return null;
  const channel = await findChannel(c.env.DB.withSession(), id);
  if (channel === null) return null;
  if (!findRights(principal, channel, Date.now()).includes("events:read")) return null;
  const status = await getChannelObject(c, channel).status(cutTo(principal, channel));
  return status.ok ? { id, name: channel.name, stream: status.value.stream } : null;
}

/** In one piece: some clients read no further than the first. */
function makeResponse({ status, body }: GatewayReply): Response {
  const headers = {
    ...HEADERS,
    ...makeRetryAfter(status),
    "content-type": "application/json",
  };
  return new Response(body, { status, headers });
}

/** A body as text; null if it is larger than it may be. */
async function readBody({ headers, body }: Request): Promise<string | null> {
  if (Number(headers.get("content-length") ?? 0) > BODY_MAX_BYTES) return null;
  const { text, isWhole } = await readBounded(body, BODY_MAX_BYTES);
  return isWhole ? text : null;
}
