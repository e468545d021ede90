import { OpenAPIHono } from "@hono/zod-openapi";

import type { AppEnv } from "../env.ts";
import { viewRelay } from "../relay-status.ts";
import { describeJsonAnswer, route } from "../route.ts";
import { NoQuery } from "../schemas/common.ts";
import { RelayStatus } from "../schemas/relay-status.ts";
import { onInvalid } from "../validation.ts";

/** How the relay fares as a whole, for whoever operates it. */
export const relayStatusRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

relayStatusRoutes.openapi(
  route(
    { scope: "channels:manage", on: "every channel" },
    {
      method: "get",
      path: "/status",
      operationId: "getRelayStatus",
      tags: ["Operating"],
      summary: "How the relay fares as a whole",
      description:
        "By what its parts have reported, which they do every five minutes. A key that is bound to channels cannot see it.",
      request: { query: NoQuery },
      responses: {
        200: describeJsonAnswer(
          RelayStatus,
          "Database, cron, history, providers, webhooks, hubs, and what is wrong for now",
        ),
      },
    },
  ),
  async (c) => {
    return c.json(await viewRelay(c.env, Date.now()), 200);
  },
);
