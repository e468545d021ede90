import { OpenAPIHono } from "@hono/zod-openapi";

import type { WebhookView } from "../../calls/webhook.ts";
import { RelayError } from "../../errors.ts";
import { parseFilter, type Filter, type FilterWords } from "../../event/filter.ts";
import { base62 } from "../../lib/base62.ts";
import { given } from "../../lib/given.ts";
import { channelOf } from "../access.ts";
import type { AppEnv } from "../env.ts";
import { checkPrecondition, tagOf } from "../preconditions.ts";
import { valueOf } from "../problems.ts";
import { jsonAnswer, jsonBody, route } from "../route.ts";
import { ChannelParams, listOf, NoQuery } from "../schemas.ts";
import { onInvalid } from "../validation.ts";
import {
  NewWebhook,
  PublicKeys,
  Rotation,
  ShownWebhook,
  Webhook,
  WebhookPatch,
} from "../webhook-schemas.ts";
import { found, webhookChannelOf, webhookOf, WebhookParams } from "../webhooks.ts";

const TAGS = ["Webhooks"];

// Each is handed every event: what a channel can do for so many is measured.
const WEBHOOKS_MAX = 100;

// A day, as the field has it.
const GRACE_SECONDS = 86_400;

/** A channel's endpoints: made, listed, read, changed, taken away, and their keys. */
export const webhookRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/webhooks",
      tags: TAGS,
      summary: "Make a webhook",
      description: "The endpoint is greeted with a signed `webhook.verification`.",
      request: { params: ChannelParams, query: NoQuery, body: jsonBody(NewWebhook) },
      responses: { 201: jsonAnswer(ShownWebhook, "The webhook, with its secret this once") },
    },
  ),
  async (c) => {
    const channel = channelOf(c);
    const wish = c.req.valid("json");
    const filter = checkedFilter(wish);
    if ((await webhookChannelOf(c).webhookIds()).length >= WEBHOOKS_MAX) {
      throw new RelayError("webhook_limit", `A channel has at most ${WEBHOOKS_MAX} webhooks.`);
    }
    const id = `wh_${base62(crypto.getRandomValues(new Uint8Array(40)), 20)}`;
    const place = { channel: channel.id, channelNumber: channel.number, epoch: channel.epoch };
    const origin = new URL(c.req.url).host;
    const answer = await webhookOf(c, id).create({ ...wish, ...filter, ...place, id, origin });
    const { updatedAt, ...webhook } = valueOf(answer);
    c.header("location", `/v1/channels/${channel.id}/webhooks/${id}`);
    c.header("etag", tagOf(updatedAt));
    return c.json(asShown(webhook), 201);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/webhooks",
      tags: TAGS,
      summary: "List a channel's webhooks",
      request: { params: ChannelParams, query: NoQuery },
      responses: { 200: jsonAnswer(listOf(Webhook, "Webhooks"), "All of them") },
    },
  ),
  async (c) => {
    const ids = await webhookChannelOf(c).webhookIds();
    const views = await Promise.all(ids.map((id) => webhookOf(c, id).find()));
    const data = views
      .filter((view) => view !== null)
      .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id))
      .map(({ updatedAt: _updatedAt, ...webhook }) => asShown(webhook));
    return c.json({ data, next: null }, 200);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/webhooks/{id}",
      tags: TAGS,
      summary: "Read a webhook",
      request: { params: WebhookParams, query: NoQuery },
      responses: { 200: jsonAnswer(Webhook, "The webhook, without its secret") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const { updatedAt, ...webhook } = found(await webhookOf(c, id).find());
    c.header("etag", tagOf(updatedAt));
    return c.json(asShown(webhook), 200);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "patch",
      path: "/channels/{channel}/webhooks/{id}",
      tags: TAGS,
      summary: "Change a webhook",
      description:
        "JSON Merge Patch. `enabled: true` begins anew with what happens from then on; what was missed is brought by a recovery.",
      request: { params: WebhookParams, query: NoQuery, body: jsonBody(WebhookPatch) },
      responses: { 200: jsonAnswer(Webhook, "The webhook as it is now") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const patch = given(c.req.valid("json"));
    const { types, providers, platforms } = checkedFilter(patch);
    const filter = {
      ...(patch.types !== undefined && { types }),
      ...(patch.providers !== undefined && { providers }),
      ...(patch.platforms !== undefined && { platforms }),
    };
    let expectedAt: number | null = null;
    if (c.req.header("if-match") !== undefined) {
      expectedAt = found(await webhookOf(c, id).find()).updatedAt;
      checkPrecondition(c, expectedAt);
    }
    const answer = await webhookOf(c, id).change({ ...patch, ...filter }, expectedAt);
    const { updatedAt, ...webhook } = valueOf(answer);
    c.header("etag", tagOf(updatedAt));
    return c.json(asShown(webhook), 200);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "delete",
      path: "/channels/{channel}/webhooks/{id}",
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
      checkPrecondition(c, found(await webhookOf(c, id).find()).updatedAt);
    }
    found((await webhookOf(c, id).destroy()) || null);
    return c.body(null, 204);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/webhooks/{id}/rotate",
      tags: TAGS,
      summary: "Make a new secret",
      description: "Old and new sign every delivery until the grace is over.",
      request: {
        params: WebhookParams,
        query: NoQuery,
        body: { ...jsonBody(Rotation), required: false },
      },
      responses: { 200: jsonAnswer(ShownWebhook, "The webhook, with its new secret this once") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const { graceSeconds = GRACE_SECONDS } = c.req.valid("json");
    const answer = await webhookOf(c, id).rotate(graceSeconds);
    const { updatedAt: _updatedAt, ...webhook } = valueOf(answer);
    return c.json(asShown(webhook), 200);
  },
);

webhookRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/webhooks/{id}/public-key",
      tags: TAGS,
      summary: "Read a webhook's public keys",
      description: "What `v1a` signatures are verified with: the current key, and those in grace.",
      request: { params: WebhookParams, query: NoQuery },
      responses: { 200: jsonAnswer(PublicKeys, "The keys, the current one first") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const known = found(await webhookOf(c, id).publicKeys());
    const keys = known.map(({ id: kid, publicKey, x, retiresAt }) => ({
      id: kid,
      publicKey,
      jwk: { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" } as const,
      retiresAt,
    }));
    return c.json({ publicKey: keys[0]?.publicKey ?? "", keys }, 200);
  },
);

function checkedFilter(words: FilterWords): {
  types: string[];
  providers: string[];
  platforms: string[];
} {
  const parsed = parseFilter(words);
  if (parsed.ok) return asLists(parsed.filter);
  const problems = parsed.problems.map(({ parameter, detail }) => ({
    pointer: `/${parameter}`,
    detail,
  }));
  const [first] = problems;
  throw new RelayError("invalid_input", `${first?.pointer ?? ""}: ${first?.detail ?? ""}`, {
    problems,
  });
}

function asLists({ types, providers, platforms }: Filter) {
  return { types: [...types], providers: [...providers], platforms: [...platforms] };
}

/** Lists as the answer's schema has them: its own, to be written. */
function asShown<V extends Omit<WebhookView, "updatedAt">>(webhook: V) {
  return { ...webhook, ...asLists(webhook) };
}
