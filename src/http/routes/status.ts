import { OpenAPIHono } from "@hono/zod-openapi";

import { SEEING } from "../../event/principal.ts";
import { getChannel, getChannelObject, findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, route } from "../route.ts";
import { Status } from "../schemas/channel.ts";
import { ChannelParams, NoQuery } from "../schemas/common.ts";
import { onInvalid } from "../validation.ts";

/** How a channel fares. */
export const statusRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

statusRoutes.openapi(
  route(
    { scope: SEEING, on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/status",
      operationId: "getChannelStatus",
      tags: ["Channels"],
      summary: "How a channel fares",
      request: { params: ChannelParams, query: NoQuery },
      responses: {
        200: describeJsonAnswer(Status, "Stream, providers, history lag, sockets, counters"),
      },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    return c.json(unwrapAnswer(await getChannelObject(c, getChannel(c)).status(principal)), 200);
  },
);
