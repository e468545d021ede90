import { Hono, type Context } from "hono";
import { z } from "zod";

import type { SocketWish } from "../../calls/channel.ts";
import { RelayError } from "../../errors.ts";
import { ChannelId } from "../../event/ids.ts";
import { sha256 } from "../../lib/secrecy.ts";
import { findChannel } from "../../store/history/channels.ts";
import { principalOf, requireChannel } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { filterOf, filterQuery, flagParameter, positionOf } from "../event-query.ts";
import { isAllowedOrigin } from "../origins.ts";
import { checkRaw, offeredProtocols, openSocket } from "../sockets.ts";
import { validated } from "../validation.ts";

/** What may stand in a socket's or a stream's address. */
export const LiveQuery = z.strictObject({
  ...filterQuery,
  after: z.string().max(64).optional(),
  rewind: z.coerce.number().int().min(1).max(500).optional(),
  raw: flagParameter.default(false),
  token: z.string().max(4096).optional(),
});

const DIALECTS = ["tributary.v1", "cloudevents.json"] as const;
const TICKET = "ticket.";

/**
 * The native socket. It stands apart from all routes that set headers: an upgrade's answer comes
 * from the channel's object and cannot be changed.
 */
export const socketRoutes = new Hono<AppEnv>().get("/channels/:channel/socket", async (c) => {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    throw new RelayError("upgrade_required", "This address is for WebSockets.", {
      headers: { upgrade: "websocket", connection: "Upgrade" },
    });
  }
  checkOrigin(c);
  const id = validated(ChannelId, c.req.param("channel"), "channel");
  const query = liveQuery(c);
  const offered = offeredProtocols(c.req.header("sec-websocket-protocol"));
  const dialect = DIALECTS.find((each) => offered.includes(each)) ?? "tributary.v1";
  const ticket = offered.find((each) => each.startsWith(TICKET))?.slice(TICKET.length) ?? null;
  const wish: SocketWish = { ...query, dialect, ...(await whoAsks(c, id, ticket, query.raw)) };
  const webSocket = await openSocket(c, id, wish);
  // One of the protocols that were offered, and never the ticket: it is a secret.
  const isOffered = offered.includes(dialect);
  return new Response(null, {
    status: 101,
    webSocket,
    headers: isOffered ? { "sec-websocket-protocol": dialect } : {},
  });
});

/** A socket's or a stream's wish as its address says it. */
export function liveQuery(
  c: Context<AppEnv>,
): Pick<SocketWish, "filter" | "raw" | "after" | "rewind"> {
  const query = validated(LiveQuery, queryOf(c), "");
  if (query.after !== undefined && query.rewind !== undefined) {
    throw new RelayError("invalid_input", "rewind: goes without after", {
      problems: [{ parameter: "rewind", detail: "goes without after" }],
    });
  }
  return {
    filter: filterOf(query),
    raw: query.raw,
    after: positionOf(query.after, "after"),
    rewind: query.rewind ?? null,
  };
}

/** A page of a strange origin gets no socket, whatever credential it has come by. */
export function checkOrigin(c: Context<AppEnv>): void {
  const origin = c.req.header("origin");
  if (origin === undefined || isAllowedOrigin(origin, c.req.url, c.env.ALLOWED_ORIGINS)) return;
  throw new RelayError(
    "origin_forbidden",
    `Pages of ${origin.slice(0, 200)} may not connect here.`,
  );
}

async function whoAsks(
  c: Context<AppEnv>,
  id: string,
  ticket: string | null,
  raw: boolean,
): Promise<Pick<SocketWish, "principal" | "ticketDigest">> {
  if (ticket === null) {
    await requireChannel(c, id, "events:read");
    const principal = await principalOf(c);
    checkRaw(raw, principal, id);
    return { principal, ticketDigest: null };
  }
  // The ticket is the channel's own: its object takes it, once.
  checkRaw(raw, null, id);
  if ((await findChannel(c.env.DB.withSession(), id)) === null) {
    throw new RelayError("ticket_invalid", "The ticket is unknown, used, or too old.");
  }
  return { principal: null, ticketDigest: await sha256(ticket) };
}

/** A parameter that stands there twice is a mistake, and not whichever comes first. */
function queryOf(c: Context<AppEnv>): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [key, values] of Object.entries(c.req.queries())) {
    if (values.length > 1) {
      throw new RelayError("invalid_input", `${key}: is there twice`, {
        problems: [{ parameter: key, detail: "is there twice" }],
      });
    }
    query[key] = values[0] ?? "";
  }
  return query;
}
