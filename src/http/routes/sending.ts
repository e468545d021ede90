import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { SendContent, SendTaken } from "../../event/sending.ts";
import { omitUndefined } from "../../lib/given.ts";
import type { Json } from "../../lib/json.ts";
import { getChannel, getChannelObject, findPrincipal } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { getRequestName } from "../idempotency.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, describeJsonBody, route } from "../route.ts";
import { ChannelParams, NoQuery } from "../schemas/common.ts";
import { Interface, NewMessage, Sent } from "../schemas/sending.ts";
import { onInvalid } from "../validation.ts";

const OUTCOME = "Taken on; its outcome is told by `send.*` events with this id";

/** The way back: messages and interfaces, through the relay to the providers. */
export const sendingRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

sendingRoutes.openapi(
  route(
    { scope: "chat:write", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/messages",
      operationId: "sendMessage",
      refusals: ["connection_not_found", "not_writable", "send_conflict", "send_queue_full"],
      tags: ["Sending"],
      summary: "Send a chat message",
      description: "To the connections named, or to all that can be written to.",
      request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(NewMessage) },
      responses: { 202: describeJsonAnswer(Sent, OUTCOME) },
    },
  ),
  async (c) => {
    const { text, kind, to, as, replyTo, sendId } = c.req.valid("json");
    const content = omitUndefined({ kind: "chat" as const, style: kind, text, as, replyTo });
    // Its answer may be lost: asked for again it must not be said again.
    return c.json(await send(c, content, to ?? null, sendId ?? getRequestName(c)), 202);
  },
);

sendingRoutes.openapi(
  route(
    { scope: "interface:write", on: "channel" },
    {
      method: "put",
      path: "/channels/{channel}/interface",
      operationId: "showInterface",
      refusals: ["connection_not_found", "not_writable", "send_queue_full"],
      tags: ["Sending"],
      summary: "Show viewers an interface",
      request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(Interface) },
      responses: { 202: describeJsonAnswer(Sent, OUTCOME) },
    },
  ),
  async (c) => {
    const content = { kind: "ui" as const, interface: c.req.valid("json") as Json };
    return c.json(await send(c, content, null, null), 202);
  },
);

sendingRoutes.openapi(
  route(
    { scope: "interface:write", on: "channel" },
    {
      method: "delete",
      path: "/channels/{channel}/interface",
      operationId: "clearInterface",
      refusals: ["connection_not_found", "not_writable", "send_queue_full"],
      tags: ["Sending"],
      summary: "Take the interface away",
      request: { params: ChannelParams, query: NoQuery },
      responses: { 202: describeJsonAnswer(Sent, OUTCOME) },
    },
  ),
  async (c) => c.json(await send(c, { kind: "ui", interface: {} }, null, null), 202),
);

async function send(
  c: Context<AppEnv>,
  content: SendContent,
  to: readonly string[] | null,
  sendId: string | null,
): Promise<SendTaken> {
  const principal = await findPrincipal(c);
  // Named here, so that asking once more is no second send.
  const ask = {
    sendId: sendId ?? crypto.randomUUID(),
    content,
    to,
    sender: principal.credentialId,
  };
  return unwrapAnswer(await getChannelObject(c, getChannel(c)).send(principal, ask));
}
