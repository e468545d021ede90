import { OpenAPIHono } from "@hono/zod-openapi";

import type { AppEnv } from "../env.ts";
import { getRequestName } from "../idempotency.ts";
import { unwrapAnswer } from "../problems.ts";
import { describeJsonAnswer, describeJsonBody, route } from "../route.ts";
import { NoQuery } from "../schemas/common.ts";
import { PublicKeys, Rotation, ShownWebhook } from "../schemas/webhook.ts";
import { onInvalid } from "../validation.ts";
import { getWebhookObject, requireFound, WebhookParams } from "../webhooks.ts";

const TAGS = ["Webhooks"];

// A day, as the field has it.
const GRACE_SECONDS = 86_400;

/** The keys that a webhook signs with: changed, and read. */
export const webhookKeyRoutes = new OpenAPIHono<AppEnv>({ defaultHook: onInvalid });

webhookKeyRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "post",
      path: "/channels/{channel}/webhooks/{id}/rotate",
      operationId: "rotateWebhookSecret",
      refusals: ["webhook_not_found", "conflict"],
      tags: TAGS,
      summary: "Make a new secret",
      description: "Old and new sign every delivery until the grace is over.",
      request: {
        params: WebhookParams,
        query: NoQuery,
        body: { ...describeJsonBody(Rotation), required: false },
      },
      responses: {
        200: describeJsonAnswer(ShownWebhook, "The webhook, with its new secret this once"),
      },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const { graceSeconds = GRACE_SECONDS } = c.req.valid("json");
    const answer = await getWebhookObject(c, id).rotate(graceSeconds, getRequestName(c));
    const { updatedAt: _updatedAt, ...webhook } = unwrapAnswer(answer);
    return c.json(webhook, 200);
  },
);

webhookKeyRoutes.openapi(
  route(
    { scope: "webhooks:manage", on: "channel" },
    {
      method: "get",
      path: "/channels/{channel}/webhooks/{id}/public-key",
      operationId: "listWebhookPublicKeys",
      refusals: ["webhook_not_found"],
      tags: TAGS,
      summary: "Read a webhook's public keys",
      description: "What `v1a` signatures are verified with: the current key, and those in grace.",
      request: { params: WebhookParams, query: NoQuery },
      responses: { 200: describeJsonAnswer(PublicKeys, "The keys, the current one first") },
    },
  ),
  async (c) => {
    const { id } = c.req.valid("param");
    const known = requireFound(await getWebhookObject(c, id).publicKeys());
    const keys = known.map(({ id: kid, publicKey, x, retiresAt }) => ({
      id: kid,
      publicKey,
      jwk: { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" } as const,
      retiresAt,
    }));
    return c.json({ publicKey: keys[0]?.publicKey ?? "", keys }, 200);
  },
);
