import { Hono, type Context } from "hono";

import type { SocketRequest } from "../../calls/socket.ts";
import { RelayError } from "../../errors.ts";
import { ChannelId } from "../../event/ids.ts";
import { hashSha256 } from "../../lib/secrecy.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { findPrincipal, letIn, requireChannel } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { requireFilter, parsePositionParameter } from "../event-query.ts";
import { isUpgrade } from "../guards.ts";
import type { LookUps } from "../look-ups.ts";
import { isAllowedOrigin } from "../origins.ts";
import { SocketQuery } from "../schemas/live.ts";
import { checkRaw, listOfferedProtocols, openSocket } from "../sockets.ts";
import { readQuery, validate } from "../validation.ts";

const DIALECTS = ["tributary.v1", "cloudevents.json"] as const;
const TICKET = "ticket.";

/**
 * The native socket. It stands apart from all routes that set headers: an upgrade's answer comes
 * from the channel's object and cannot be changed.
 */
export const socketRoutes = new Hono<AppEnv>().get("/channels/:channel/socket", async (c) => {
  // Hono has a HEAD carried out as a GET.
  if (!isUpgrade(c)) {
    throw new RelayError("upgrade_required", "This address is for WebSockets.", {
      headers: { upgrade: "websocket", connection: "Upgrade" },
    });
  }
  checkOrigin(c);
  const id = validate(ChannelId, c.req.param("channel"), "channel");
  const query = parseLiveQuery(c, SocketQuery);
  const offered = listOfferedProtocols(c.req.header("sec-websocket-protocol"));
  const dialect = DIALECTS.find((each) => offered.includes(each)) ?? "tributary.v1";
  const ticket = offered.find((each) => each.startsWith(TICKET))?.slice(TICKET.length) ?? null;
  const webSocket = await letIn(c, async (lookUps) => {
    const { channel, ...who } = await findAsker(c, { id, ticket, raw: query.raw }, lookUps);
    return openSocket(c, channel, { ...query, dialect, ...who });
  });
  // One of the protocols that were offered, and never the ticket: it is a secret.
  const isOffered = offered.includes(dialect);
  return new Response(null, {
    status: 101,
    webSocket,
    headers: isOffered ? { "sec-websocket-protocol": dialect } : {},
  });
});

/** The request for a socket or a stream as its address says it. */
export function parseLiveQuery(
  c: Context<AppEnv>,
  schema: typeof SocketQuery,
): Pick<SocketRequest, "filter" | "raw" | "after" | "rewind" | "label"> {
  const query = validate(schema, readQuery(c), "");
  if (query.after !== undefined && query.rewind !== undefined) {
    throw new RelayError("invalid_input", "rewind: goes without after", {
      problems: [{ parameter: "rewind", detail: "goes without after" }],
    });
  }
  return {
    filter: requireFilter(query),
    raw: query.raw,
    after: parsePositionParameter(query.after, "after"),
    rewind: query.rewind ?? null,
    label: query.label ?? null,
  };
}

/** A page of a strange origin gets no socket, whatever credential it has come by. */
function checkOrigin(c: Context<AppEnv>): void {
  const origin = c.req.header("origin");
  if (origin === undefined || isAllowedOrigin(origin, c.req.url, c.env.ALLOWED_ORIGINS)) return;
  throw new RelayError(
    "origin_forbidden",
    `Pages of ${origin.slice(0, 200)} may not connect here.`,
  );
}

async function findAsker(
  c: Context<AppEnv>,
  { id, ticket, raw }: { id: string; ticket: string | null; raw: boolean },
  lookUps: LookUps,
): Promise<Pick<SocketRequest, "principal" | "ticketDigest"> & { channel: ChannelRecord }> {
  if (ticket === null) {
    const channel = await requireChannel(c, id, ["events:read"], lookUps);
    const principal = await findPrincipal(c);
    checkRaw(raw, principal, channel);
    return { channel, principal, ticketDigest: null };
  }
  // The ticket is the channel's own: its object takes it, once, and says what it is good for now.
  const channel = await lookUps.findChannel(id);
  if (channel === null) {
    throw new RelayError("ticket_invalid", "The ticket is unknown, used, or too old.");
  }
  return { channel, principal: null, ticketDigest: await hashSha256(ticket) };
}
