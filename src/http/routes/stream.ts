import { Hono } from "hono";

import { ChannelId } from "../../event/ids.ts";
import { parsePosition } from "../../event/position.ts";
import { findPrincipal, letIn, requireChannel } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { checkRaw, openSocket } from "../sockets.ts";
import { makeSseResponse } from "../sse.ts";
import { validate } from "../validation.ts";
import { parseLiveQuery } from "./socket.ts";

/** A channel's events as Server-Sent Events, over a socket to its object. */
export const streamRoutes = new Hono<AppEnv>().get("/channels/:channel/stream", async (c) => {
  const id = validate(ChannelId, c.req.param("channel"), "channel");
  const query = parseLiveQuery(c);
  // What a browser sends when it comes back beats what its address said when it first came. One that
  // is no position of ours says nothing.
  const last = parsePosition(c.req.header("last-event-id") ?? "");
  const start = last === null ? {} : { after: last, rewind: null };
  const socket = await letIn(c, async (lookUps) => {
    const channel = await requireChannel(c, id, "events:read", lookUps);
    const principal = await findPrincipal(c);
    checkRaw(query.raw, principal, channel);
    const wish = { ...query, ...start, principal, ticketDigest: null };
    return openSocket(c, channel, { ...wish, dialect: "sse" });
  });
  return makeSseResponse(socket, c.req.raw.signal);
});
