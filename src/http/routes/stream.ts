import { Hono, type Context } from "hono";

import { ChannelId } from "../../event/ids.ts";
import { parsePosition, UNREADABLE_POSITION, type Position } from "../../event/position.ts";
import { findPrincipal, letIn, requireChannel } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { negotiate, SSE_TYPE } from "../negotiation.ts";
import { StreamQuery } from "../schemas/live.ts";
import { checkRaw, openSocket } from "../sockets.ts";
import { makeSseResponse, SSE_HEADERS } from "../sse.ts";
import { validate } from "../validation.ts";
import { parseLiveQuery } from "./socket.ts";

/** A channel's events as Server-Sent Events, over a socket to its object. */
export const streamRoutes = new Hono<AppEnv>().get("/channels/:channel/stream", async (c) => {
  const id = validate(ChannelId, c.req.param("channel"), "channel");
  const query = parseLiveQuery(c, StreamQuery);
  const last = readLastEventId(c);
  const start = last === null ? {} : { after: last, rewind: null };
  // Whoever asks for the headers alone listens to nothing.
  const isRead = c.req.method !== "HEAD";
  const socket = await letIn(c, async (lookUps) => {
    const channel = await requireChannel(c, id, ["events:read"], lookUps);
    const principal = await findPrincipal(c);
    checkRaw(query.raw, principal, channel);
    negotiate(c, [SSE_TYPE]);
    const request = { ...query, ...start, principal, ticketDigest: null };
    return isRead ? openSocket(c, channel, { ...request, dialect: "sse" }) : null;
  });
  if (socket === null) return new Response(null, { headers: SSE_HEADERS });
  return makeSseResponse(socket, c.req.raw.signal);
});

/**
 * The place that a reader who comes back says it has got to: it beats what the address said when it
 * first came. One that cannot be read is a place that is not known, and the reader is told so.
 */
function readLastEventId(c: Context<AppEnv>): Position | null {
  const last = c.req.header("last-event-id") ?? c.req.query("lastEventId") ?? "";
  return last === "" ? null : (parsePosition(last) ?? UNREADABLE_POSITION);
}
