import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import type { SocketView } from "../../calls/socket-view.ts";
import { findPrincipal, getChannel, getChannelObject } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { readListPage } from "../lists.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, route } from "../route.ts";
import { ChannelParams, listOf, ListQuery, NoQuery } from "../schemas/common.ts";
import { OpenSocket } from "../schemas/socket-list.ts";
import { onInvalid } from "../validation.ts";

const TAGS = ["Live"];

/** The sockets that a channel has open: who is connected, and how far they have got. */
export const socketListRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

socketListRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/sockets",
      operationId: "listSockets",
      tags: TAGS,
      summary: "List the sockets that are open",
      description:
        "Sockets and streams of the relay's own, and those of gateways, wherever they are held. What a reader is behind and has not read is as of now.",
      request: { params: ChannelParams, query: ListQuery },
      responses: {
        200: describeJsonAnswer(listOf(OpenSocket, "OpenSockets"), "A page of sockets"),
      },
    },
  ),
  async (c) => {
    const principal = await findPrincipal(c);
    const object = getChannelObject(c, getChannel(c));
    const find = async (after: string, most: number): Promise<SocketView[]> =>
      unwrapAnswer(await object.sockets(principal, { after, most }));
    const list = { name: "sockets", key: ({ id }: SocketView) => id, find };
    return c.json(await readListPage(list, c.req.valid("query")), 200);
  },
);

socketListRoutes.openapi(
  route(
    { scope: "channels:manage", on: "channel" },
    {
      method: "delete",
      path: "/channels/{channel}/sockets/{id}",
      operationId: "closeSocket",
      refusals: ["socket_not_found"],
      tags: TAGS,
      summary: "Close a socket",
      description:
        "With 4003, which says not to come back; a gateway's as its protocol ends one whose credential no longer holds. Its credential still holds: revoke that to keep whoever has it out.",
      request: { params: ChannelParams.extend({ id: z.string().max(40) }), query: NoQuery },
      responses: { 204: { description: "It is closed" } },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const principal = await findPrincipal(c);
    unwrapAnswer(await getChannelObject(c, getChannel(c)).endSocket(principal, id));
    return c.body(null, 204);
  },
);
