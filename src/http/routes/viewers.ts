import { Hono, type Context } from "hono";

import { RelayError } from "../../errors.ts";
import type { Principal } from "../../event/principal.ts";
import type { Viewer, ViewerAnswer } from "../../event/viewer.ts";
import { readBounded } from "../../lib/read-bounded.ts";
import { viewerInterfaceAdapter } from "../../protocols/registry.ts";
import { report } from "../../report.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { getChannelObject, findPrincipal, requireChannel } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { resolveGateway } from "../gateway-address.ts";
import { isOverRate } from "../guards.ts";
import { makeRetryAfter, toRelayError } from "../problems.ts";

// More than any of the pages has to say, and what comes of it goes to every client.
const BODY_MAX_BYTES = 16_384;

type Refusal = Parameters<typeof viewerInterfaceAdapter.refuse>[0];

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "accept, authorization, content-type, if-none-match",
  "access-control-allow-methods": "GET, POST",
  "access-control-expose-headers": "retry-after",
  "access-control-max-age": "86400",
};

/**
 * The viewers' side of Interactive Sync over HTTP. Pages of any origin may call, for they are shown
 * inside of Twitch's; they carry a viewer's token, and no cookie.
 */
export const viewerRoutes = new Hono<AppEnv>().use(async (c, next) => {
  if (c.req.header("upgrade") !== undefined) return next();
  const asked = { url: new URL(c.req.url), method: c.req.method, isUpgrade: false, offered: [] };
  const found = resolveGateway(asked);
  if (found?.protocol !== viewerInterfaceAdapter.protocol) return next();
  if (c.req.method === "OPTIONS") return new Response(null, { status: 204, headers: CORS });
  return toResponse(await answerViewer(c, found.request.path));
});

async function answerViewer(c: Context<AppEnv>, path: string): Promise<ViewerAnswer> {
  try {
    if (await isOverRate(c)) return viewerInterfaceAdapter.refuse("too_many");
    const { text, isWhole } = await readBounded(c.req.raw.body, BODY_MAX_BYTES);
    if (!isWhole) return viewerInterfaceAdapter.refuse("too_large");
    const call = { method: c.req.method, path, body: text };
    // What is wrong whoever asks is told first: so does the real server.
    const known = viewerInterfaceAdapter.answer(call);
    if (known !== null) return known;
    const admitted = await admit(c);
    if (typeof admitted === "string") return viewerInterfaceAdapter.refuse(admitted);
    const { channel, principal, viewer } = admitted;
    const answered = await getChannelObject(c, channel).callOfViewer(principal, call, viewer);
    return answered.ok ? answered.value : viewerInterfaceAdapter.refuse("unauthorized");
  } catch (error) {
    const { code } = toRelayError(error);
    // The answer to somebody who asks too often: nothing failed.
    if (code === "rate_limited") return viewerInterfaceAdapter.refuse("too_many");
    report("viewer's call failed", error, { requestId: c.get("requestId"), code });
    return viewerInterfaceAdapter.refuse("unavailable");
  }
}

/** Finds the viewer and the channel of a call, or the reason for a refusal. */
async function admit(
  c: Context<AppEnv>,
): Promise<{ channel: ChannelRecord; principal: Principal; viewer: Viewer } | Refusal> {
  const header = c.req.header("authorization");
  const isBearer = header === undefined ? c.req.query("token") : /^bearer \S/i.exec(header)?.[0];
  if (isBearer === undefined || isBearer === "") return "no_credential";
  try {
    const [bound, ...others] = (await findPrincipal(c)).channels ?? [];
    if (bound === undefined || others.length > 0) return "unauthorized";
    const channel = await requireChannel(c, bound.id, [viewerInterfaceAdapter.needs]);
    const principal = await findPrincipal(c);
    const viewer = {
      id: principal.subject ?? principal.credentialId,
      name: principal.name ?? null,
      platform: principal.kind === "extension" ? "twitch" : "api",
    };
    return { channel, principal, viewer };
  } catch (error) {
    // The answer: it is not for this caller. Whatever else failed is passed on.
    if (error instanceof RelayError && REFUSED.includes(error.code)) return "unauthorized";
    throw error;
  }
}

const REFUSED: readonly string[] = ["unauthorized", "forbidden", "channel_not_found"];

function toResponse({ status, type, body }: ViewerAnswer): Response {
  return new Response(body, {
    status,
    headers: {
      ...CORS,
      ...makeRetryAfter(status),
      "content-type": type,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
