import { OpenAPIHono } from "@hono/zod-openapi";

import { SEEING } from "../../event/principal.ts";
import { getChannel, getChannelObject, findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, route } from "../route.ts";
import { Metrics, MetricsParams, Status } from "../schemas/channel.ts";
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

statusRoutes.openapi(
  route(
    { scope: SEEING, on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/metrics",
      operationId: "getChannelMetrics",
      tags: ["Channels"],
      summary: "What a channel did in the last 24 hours",
      description:
        "By the minute, or by longer steps: counts are added up, and `viewers`, `sockets` and `historyLagMs` are as of a step's end.",
      request: { params: ChannelParams, query: MetricsParams },
      responses: { 200: describeJsonAnswer(Metrics, "Its figures, step by step") },
    },
  ),
  async (c) => {
    const { from = null, step } = c.req.valid("query");
    const principal = await findPrincipal(c);
    const object = getChannelObject(c, getChannel(c));
    const query = { from, stepSeconds: step };
    return c.json(unwrapAnswer(await object.metrics(principal, query)), 200);
  },
);
