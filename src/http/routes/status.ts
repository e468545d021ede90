import { OpenAPIHono } from "@hono/zod-openapi";

import { RelayError } from "../../errors.ts";
import { mayOn } from "../../event/principal.ts";
import { channelOf, objectOf, principalOf } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { jsonAnswer, route } from "../route.ts";
import { ChannelParams, NoQuery, Status } from "../schemas.ts";
import { onInvalid } from "../validation.ts";

/** How a channel fares. */
export const statusRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

statusRoutes.openapi(
  route(
    { scope: "events:read", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/status",
      tags: ["Channels"],
      summary: "How a channel fares",
      request: { params: ChannelParams, query: NoQuery },
      responses: { 200: jsonAnswer(Status, "Stream, providers, history lag, sockets, counters") },
    },
  ),
  async (c) => {
    const channel = channelOf(c);
    const isDetailed = mayOn(await principalOf(c), "channels:manage", channel.id);
    const status = await objectOf(c, channel.id).status(isDetailed);
    if (status === null) throw new RelayError("channel_not_found", "The channel has just gone.");
    return c.json(status, 200);
  },
);
