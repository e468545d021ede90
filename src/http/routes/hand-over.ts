import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import { RelayError } from "../../errors.ts";
import { listChannels } from "../../store/history/channels.ts";
import { getChannelObject, findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { listHubs } from "../hubs.ts";
import { describeJsonBody, describeJsonAnswer, route } from "../route.ts";
import { NoQuery } from "../schemas/common.ts";
import { onInvalid } from "../validation.ts";

const HandOver = z
  .strictObject({ spreadMs: z.int().min(0).max(600_000).default(5_000) })
  .openapi("HandOver");

/**
 * Before a deploy: asks clients to come back on new sockets, rather than have them all cut at once.
 */
export const handOverRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

handOverRoutes.openapi(
  route(
    { scope: "channels:manage", on: "relay" },
    {
      method: "post",
      path: "/hand-over",
      tags: ["Channels"],
      summary: "Ask all clients to reconnect",
      description: "Each is told `reconnect` with a time of its own within `spreadMs`.",
      request: { query: NoQuery, body: describeJsonBody(HandOver) },
      responses: {
        202: describeJsonAnswer(
          z.object({ channels: z.int() }).openapi("HandedOver"),
          "They were asked",
        ),
      },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    if (principal.channels !== null) {
      throw new RelayError("forbidden", "A key that is bound to channels cannot do this.");
    }
    const { spreadMs } = c.req.valid("json");
    await Promise.all((await listHubs(c)).map((hub) => hub.handOver(spreadMs)));
    let channels = 0;
    for (let after = ""; ;) {
      const page = await listChannels(c.env.DB.withSession(), { after, limit: 100 });
      await Promise.all(page.map((channel) => getChannelObject(c, channel).handOver(spreadMs)));
      channels += page.length;
      const last = page.at(-1);
      if (last === undefined) return c.json({ channels }, 202);
      after = last.id;
    }
  },
);
