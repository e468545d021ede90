import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import { RelayError } from "../../errors.ts";
import { reportRejected } from "../../report.ts";
import { listChannels } from "../../store/history/channels.ts";
import { getChannelObject, findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { listHubs } from "../hubs.ts";
import { describeJsonBody, describeJsonAnswer, route } from "../route.ts";
import { NoQuery } from "../schemas/common.ts";
import { onInvalid } from "../validation.ts";

// A request may make 10,000 calls and 1,000 queries; these are as many as it has the time for.
const CHANNELS_A_REQUEST = 2_000;
const PAGE = 100;

const HandOver = z
  .strictObject({
    spreadMs: z.int().min(0).max(600_000).default(5_000),
    only: z.enum(["gateways"]).optional().openapi({
      description:
        "`gateways`: those of gateways whose protocol gives them a token to go on with (Astro). All others resume by themselves, and before a deploy they would come back to what is about to go.",
    }),
    after: z.string().max(64).optional().openapi({
      description: "The `next` of the answer before: goes on with the channels after it.",
    }),
  })
  .openapi("HandOver");

/** Asks clients to come back on new sockets, rather than have them all cut at once. */
export const handOverRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

handOverRoutes.openapi(
  route(
    { scope: "channels:manage", on: "relay" },
    {
      method: "post",
      path: "/hand-over",
      operationId: "requestHandOver",
      tags: ["Channels"],
      summary: "Ask clients to reconnect",
      description: `Each is told \`reconnect\` with a time of its own within \`spreadMs\`. One request asks the clients of ${CHANNELS_A_REQUEST.toLocaleString("en")} channels: with more, \`next\` goes into \`after\` of the next.`,
      request: { query: NoQuery, body: describeJsonBody(HandOver) },
      responses: {
        202: describeJsonAnswer(
          z.object({ channels: z.int(), next: z.string().nullable() }).openapi("HandedOver"),
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
    const { spreadMs, only, after = "" } = c.req.valid("json");
    const hasNative = only === undefined;
    if (after === "") await askAll(await listHubs(c), (hub) => hub.handOver(spreadMs, hasNative));
    // Sockets that are given a token to go on with are all in hubs.
    if (!hasNative) return c.json({ channels: 0, next: null }, 202);
    let place = after;
    for (let channels = 0; ;) {
      const db = c.env.DB.withSession();
      const page = await listChannels(db, { after: place, limit: PAGE });
      await askAll(
        page.map((each) => getChannelObject(c, each)),
        (channel) => channel.handOver(spreadMs),
      );
      channels += page.length;
      place = page.at(-1)?.id ?? place;
      if (page.length < PAGE) return c.json({ channels, next: null }, 202);
      if (channels >= CHANNELS_A_REQUEST) return c.json({ channels, next: place }, 202);
    }
  },
);

/** Asks them at once: one that is away loses its sockets in any case, and keeps nobody waiting. */
async function askAll<Stub>(
  objects: readonly Stub[],
  ask: (object: Stub) => Promise<unknown>,
): Promise<void> {
  const asked = objects.map(ask);
  reportRejected("object could not hand over", await Promise.allSettled(asked));
}
