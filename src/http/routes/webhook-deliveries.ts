import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import type { AppEnv } from "../env.ts";
import { getRequestName } from "../idempotency.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, describeJsonBody, route } from "../route.ts";
import { listOf, NoQuery } from "../schemas/common.ts";
import {
  Delivery,
  DeliveryDetail,
  DeliveryQuery,
  NewRecovery,
  Recovery,
} from "../schemas/delivery.ts";
import { onInvalid } from "../validation.ts";
import { parseRecoveryInput, getWebhookObject, WebhookParams } from "../webhooks.ts";

const TAGS = ["Webhooks"];
const access = { scope: "webhooks:manage", on: "channel" } as const;
const DeliveryParams = WebhookParams.extend({ delivery: z.string().max(40) });
const RecoveryParams = WebhookParams.extend({ recovery: z.string().max(40) });

/** Routes of deliveries, retries and recoveries. */
export const webhookDeliveryRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "post",
    path: "/channels/{channel}/webhooks/{id}/test",
    tags: TAGS,
    summary: "Send a test event",
    description: "A signed `webhook.test`, once and at once.",
    request: { params: WebhookParams, query: NoQuery },
    responses: { 202: describeJsonAnswer(Delivery, "It is on its way") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    return c.json(unwrapAnswer(await getWebhookObject(c, id).sendTest(getRequestName(c))), 202);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "get",
    path: "/channels/{channel}/webhooks/{id}/deliveries",
    tags: TAGS,
    summary: "List deliveries",
    description: "Newest first; `next` goes into `after`. Kept for seven days.",
    request: { params: WebhookParams, query: DeliveryQuery },
    responses: { 200: describeJsonAnswer(listOf(Delivery, "Deliveries"), "A page of deliveries") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { status = null, after = null, limit } = c.req.valid("query");
    const page = unwrapAnswer(await getWebhookObject(c, id).deliveries({ status, after, limit }));
    return c.json(page, 200);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "get",
    path: "/channels/{channel}/webhooks/{id}/deliveries/{delivery}",
    tags: TAGS,
    summary: "Read a delivery",
    request: { params: DeliveryParams, query: NoQuery },
    responses: { 200: describeJsonAnswer(DeliveryDetail, "The delivery, with all its attempts") },
  }),
  async (c) => {
    const { id, delivery } = c.req.valid("param");
    return c.json(unwrapAnswer(await getWebhookObject(c, id).delivery(delivery)), 200);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "post",
    path: "/channels/{channel}/webhooks/{id}/deliveries/{delivery}/retry",
    tags: TAGS,
    summary: "Try a delivery now",
    description: "Whatever it waits for or has come to. One that was settled is tried this once.",
    request: { params: DeliveryParams, query: NoQuery },
    responses: { 202: describeJsonAnswer(Delivery, "It is being tried") },
  }),
  async (c) => {
    const { id, delivery } = c.req.valid("param");
    return c.json(
      unwrapAnswer(await getWebhookObject(c, id).retry(delivery, getRequestName(c))),
      202,
    );
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "post",
    path: "/channels/{channel}/webhooks/{id}/recoveries",
    tags: TAGS,
    summary: "Bring events again",
    description: "Oldest first, each once, behind everything live.",
    request: { params: WebhookParams, query: NoQuery, body: describeJsonBody(NewRecovery) },
    responses: { 202: describeJsonAnswer(Recovery, "The job; its address is in Location") },
  }),
  async (c) => {
    const { id, channel } = c.req.valid("param");
    const wish = await parseRecoveryInput(c, c.req.valid("json"));
    const recovery = unwrapAnswer(await getWebhookObject(c, id).recover(wish, getRequestName(c)));
    c.header("location", `/v1/channels/${channel}/webhooks/${id}/recoveries/${recovery.id}`);
    return c.json(recovery, 202);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "get",
    path: "/channels/{channel}/webhooks/{id}/recoveries",
    tags: TAGS,
    summary: "List recoveries",
    request: { params: WebhookParams, query: NoQuery },
    responses: { 200: describeJsonAnswer(listOf(Recovery, "Recoveries"), "The newest hundred") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const data = unwrapAnswer(await getWebhookObject(c, id).recoveries());
    return c.json({ data, next: null }, 200);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "get",
    path: "/channels/{channel}/webhooks/{id}/recoveries/{recovery}",
    tags: TAGS,
    summary: "Read a recovery",
    request: { params: RecoveryParams, query: NoQuery },
    responses: { 200: describeJsonAnswer(Recovery, "How far it is") },
  }),
  async (c) => {
    const { id, recovery } = c.req.valid("param");
    return c.json(unwrapAnswer(await getWebhookObject(c, id).recovery(recovery)), 200);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "post",
    path: "/channels/{channel}/webhooks/{id}/recoveries/{recovery}/cancel",
    tags: TAGS,
    summary: "Call a recovery off",
    description: "What is under way still arrives; nothing else does.",
    request: { params: RecoveryParams, query: NoQuery },
    responses: { 200: describeJsonAnswer(Recovery, "The job as it ended") },
  }),
  async (c) => {
    const { id, recovery } = c.req.valid("param");
    return c.json(unwrapAnswer(await getWebhookObject(c, id).cancelRecovery(recovery)), 200);
  },
);
