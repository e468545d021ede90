import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";

import type { DeliveryView } from "../../calls/delivery.ts";
import type { RecoveryView } from "../../calls/recovery.ts";
import { RelayError } from "../../errors.ts";
import { getChannel } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { getRequestName } from "../idempotency.ts";
import { formatCursor, readListPage } from "../lists.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, describeJsonBody, describeMade, route } from "../route.ts";
import { listOf, ListQuery, NoQuery } from "../schemas/common.ts";
import {
  Delivery,
  DeliveryDetail,
  DeliveryQuery,
  NewRecovery,
  Recovery,
} from "../schemas/delivery.ts";
import { Webhook } from "../schemas/webhook.ts";
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
    operationId: "testWebhook",
    refusals: ["webhook_not_found", "webhook_disabled"],
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
    operationId: "listDeliveries",
    refusals: ["webhook_not_found"],
    tags: TAGS,
    summary: "List deliveries",
    description: "Newest first. Kept for seven days.",
    request: { params: WebhookParams, query: DeliveryQuery },
    responses: { 200: describeJsonAnswer(listOf(Delivery, "Deliveries"), "A page of deliveries") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { status = null, after, ...input } = c.req.valid("query");
    const find = async (place: string, most: number) => {
      const query = { status, after: place === "" ? null : place, limit: most };
      return unwrapAnswer(await getWebhookObject(c, id).deliveries(query));
    };
    const list = { name: "deliveries", key: (each: DeliveryView) => each.id, find };
    return c.json(await readListPage(list, { ...input, cursor: chooseCursor(input, after) }), 200);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "get",
    path: "/channels/{channel}/webhooks/{id}/deliveries/{delivery}",
    operationId: "getDelivery",
    refusals: ["webhook_not_found", "delivery_not_found"],
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
    operationId: "retryDelivery",
    refusals: ["webhook_not_found", "delivery_not_found", "webhook_disabled", "delivery_gone"],
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
    path: "/channels/{channel}/webhooks/{id}/retry",
    operationId: "retryDeliveries",
    refusals: ["webhook_not_found", "webhook_disabled"],
    tags: TAGS,
    summary: "Try what waits now",
    description:
      "The endpoint is well again: every delivery that waits for its next try is due at once, and leaves at the endpoint's pace. A pause that the endpoint asked for ends; one that is failing gets a probe now, and the rest as soon as that was taken.",
    request: { params: WebhookParams, query: NoQuery },
    responses: { 202: describeJsonAnswer(Webhook, "The webhook, with how many deliveries wait") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { updatedAt: _updatedAt, ...webhook } = unwrapAnswer(
      await getWebhookObject(c, id).retryWaiting(getRequestName(c)),
    );
    return c.json(webhook, 202);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "post",
    path: "/channels/{channel}/webhooks/{id}/recoveries",
    operationId: "createRecovery",
    refusals: ["webhook_not_found", "webhook_disabled", "position_unknown"],
    tags: TAGS,
    summary: "Bring events again",
    description: "Oldest first, each once, behind everything live.",
    request: { params: WebhookParams, query: NoQuery, body: describeJsonBody(NewRecovery) },
    responses: { 202: describeMade(Recovery, "The job; its address is in Location") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { id: channel } = getChannel(c);
    const input = await parseRecoveryInput(c, c.req.valid("json"));
    const recovery = unwrapAnswer(await getWebhookObject(c, id).recover(input, getRequestName(c)));
    c.header("location", `/v1/channels/${channel}/webhooks/${id}/recoveries/${recovery.id}`);
    return c.json(recovery, 202);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "get",
    path: "/channels/{channel}/webhooks/{id}/recoveries",
    operationId: "listRecoveries",
    refusals: ["webhook_not_found"],
    tags: TAGS,
    summary: "List recoveries",
    description: "Newest first.",
    request: { params: WebhookParams, query: ListQuery },
    responses: { 200: describeJsonAnswer(listOf(Recovery, "Recoveries"), "A page of recoveries") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const find = async (place: string, most: number) => {
      const query = { after: place === "" ? null : place, limit: most };
      return unwrapAnswer(await getWebhookObject(c, id).recoveries(query));
    };
    const list = { name: "recoveries", key: (each: RecoveryView) => each.id, find };
    return c.json(await readListPage(list, c.req.valid("query")), 200);
  },
);

webhookDeliveryRoutes.openapi(
  route(access, {
    method: "get",
    path: "/channels/{channel}/webhooks/{id}/recoveries/{recovery}",
    operationId: "getRecovery",
    refusals: ["webhook_not_found", "recovery_not_found"],
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
    operationId: "cancelRecovery",
    refusals: ["webhook_not_found", "recovery_not_found"],
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

/** The cursor of a page: `after` is an older word for it, and takes a delivery's id as well. */
function chooseCursor(
  { cursor }: { cursor?: string | undefined },
  after: string | undefined,
): string | undefined {
  if (after === undefined) return cursor;
  if (cursor === undefined)
    return /^d_\d+$/.test(after) ? formatCursor("deliveries", after) : after;
  throw new RelayError("invalid_input", "after: goes without cursor", {
    problems: [{ parameter: "after", detail: "goes without cursor" }],
  });
}
