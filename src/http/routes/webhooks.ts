import { OpenAPIHono } from "@hono/zod-openapi";

import { WEBHOOKS_MAX } from "../../calls/webhook.ts";
import { RelayError } from "../../errors.ts";
import { encodeBase62 } from "../../lib/base62.ts";
import { omitUndefined } from "../../lib/given.ts";
import { getChannel } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { getRequestName } from "../idempotency.ts";
import { listAll, readListPage } from "../lists.ts";
import { checkPrecondition, formatTag, hasCurrent } from "../preconditions.ts";
import { unwrapAnswer } from "../problems.ts";
import {
  describeJsonAnswer,
  describeJsonBody,
  describeMade,
  respondJsonText,
  route,
} from "../route.ts";
import { ChannelParams, listOf, ListQuery, NoQuery } from "../schemas/common.ts";
import { NewWebhook, ShownWebhook, Webhook, WebhookPatch } from "../schemas/webhook.ts";
import { onInvalid } from "../validation.ts";
import {
  checkFilter,
  checkModerating,
  isModerator,
  requireFound,
  getWebhookChannel,
  getWebhookObject,
  WebhookParams,
} from "../webhooks.ts";

const TAGS = ["Webhooks"];

/** A channel's endpoints: made, listed, read, changed, taken away, and what they want. */
export const webhookRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/webhooks",
      operationId: "createWebhook",
      isTagged: true,
      refusals: ["webhook_limit", "conflict"],
      tags: TAGS,
      summary: "Make a webhook",
      description: "The endpoint is greeted with a signed `webhook.verification`.",
      request: { params: ChannelParams, query: NoQuery, body: describeJsonBody(NewWebhook) },
      responses: {
        201: describeMade(ShownWebhook, "The webhook, with its secret this once"),
      },
    },
  ),
  async (c) => {
    const channel = getChannel(c);
    const input = c.req.valid("json");
    const filter = checkFilter(input);
    await checkModerating(c, filter.types);
    const request = getRequestName(c);
    const newId = `wh_${encodeBase62(crypto.getRandomValues(new Uint8Array(40)), 20)}`;
    const id = request === null ? newId : await getWebhookChannel(c).nameWebhook(request, newId);
    // Early, to spare the work: what counts is what the channel's object says when it takes it on.
    const ids = await getWebhookChannel(c).webhookIds();
    if (ids.length >= WEBHOOKS_MAX && !ids.includes(id)) {
      throw new RelayError("webhook_limit", `A channel has at most ${WEBHOOKS_MAX} webhooks.`);
    }
    const place = { channel: channel.id, channelNumber: channel.number, epoch: channel.epoch };
    const origin = new URL(c.req.url).host;
    const answer = await getWebhookObject(c, id).create({
      ...input,
      ...filter,
      ...place,
      id,
      origin,
    });
    const { updatedAt, ...webhook } = unwrapAnswer(answer);
    c.header("location", `/v1/channels/${channel.id}/webhooks/${id}`);
    const { secret: _secret, publicKey: _publicKey, ...shown } = webhook;
    c.header("etag", formatTag(updatedAt, shown));
    return c.json(webhook, 201);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/webhooks",
      operationId: "listWebhooks",
      tags: TAGS,
      summary: "List a channel's webhooks",
      request: { params: ChannelParams, query: ListQuery },
      responses: { 200: describeJsonAnswer(listOf(Webhook, "Webhooks"), "A page of webhooks") },
    },
  ),
  async (c) => {
    const ids = await getWebhookChannel(c).webhookIds();
    const views = await Promise.all(ids.map((id) => getWebhookObject(c, id).find()));
    const all = views.filter((view) => view !== null);
    const list = listAll("webhooks", all, ({ createdAt, id }) => `${createdAt} ${id}`);
    const { data, next } = await readListPage(list, c.req.valid("query"));
    const shown = data.map(({ updatedAt: _updatedAt, ...webhook }) => webhook);
    return c.json({ data: shown, next }, 200);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/webhooks/{id}",
      operationId: "getWebhook",
      isTagged: true,
      refusals: ["webhook_not_found"],
      tags: TAGS,
      summary: "Read a webhook",
      request: { params: WebhookParams, query: NoQuery },
      responses: { 200: describeJsonAnswer(Webhook, "The webhook, without its secret") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const { updatedAt, ...webhook } = requireFound(await getWebhookObject(c, id).find());
    if (hasCurrent(c, formatTag(updatedAt, webhook))) return respondJsonText(c, Webhook, null);
    return c.json(webhook, 200);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "patch",
      path: "/channels/{channel}/webhooks/{id}",
      operationId: "updateWebhook",
      isTagged: true,
      refusals: ["webhook_not_found", "conflict"],
      tags: TAGS,
      summary: "Change a webhook",
      description:
        "JSON Merge Patch. `enabled: true` begins anew with what happens from then on; what was missed is brought by a recovery.",
      request: { params: WebhookParams, query: NoQuery, body: describeJsonBody(WebhookPatch) },
      responses: { 200: describeJsonAnswer(Webhook, "The webhook as it is now") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const patch = omitUndefined(c.req.valid("json"));
    const { types, providers, platforms } = checkFilter(patch);
    const filter = {
      ...(patch.types !== undefined && { types }),
      ...(patch.providers !== undefined && { providers }),
      ...(patch.platforms !== undefined && { platforms }),
    };
    let expectedAt: number | null = null;
    const hasTag = c.req.header("if-match") !== undefined;
    if (hasTag || !(await isModerator(c))) {
      const kept = requireFound(await getWebhookObject(c, id).find());
      // Also of what it hears already: it could be sent elsewhere. What was looked at is what is changed.
      await checkModerating(c, [...kept.types, ...types]);
      if (hasTag) checkPrecondition(c, kept.updatedAt);
      expectedAt = kept.updatedAt;
    }
    const answer = await getWebhookObject(c, id).change({ ...patch, ...filter }, expectedAt);
    const { updatedAt, ...webhook } = unwrapAnswer(answer);
    c.header("etag", formatTag(updatedAt, webhook));
    return c.json(webhook, 200);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "delete",
      path: "/channels/{channel}/webhooks/{id}",
      operationId: "deleteWebhook",
      isTagged: true,
      refusals: ["webhook_not_found"],
      tags: TAGS,
      summary: "Take a webhook away",
      description: "With all that waits for it.",
      request: { params: WebhookParams, query: NoQuery },
      responses: { 204: { description: "It is gone" } },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    if (c.req.header("if-match") !== undefined) {
      checkPrecondition(c, requireFound(await getWebhookObject(c, id).find()).updatedAt);
    }
    requireFound((await getWebhookObject(c, id).destroy()) || null);
    return c.body(null, 204);
  },
);
