import { z } from "@hono/zod-openapi";

import {
  PublicKeyView,
  WebhookHealthView,
  WebhookInput,
  WebhookSecrets,
  WebhookView,
} from "../../calls/webhook-view.ts";
import { nameComponent } from "./component.ts";

const WebhookHealth = nameComponent(WebhookHealthView, "WebhookHealth");

export const Webhook = nameComponent(
  WebhookView.omit({ updatedAt: true }).extend({ health: WebhookHealth }),
  "Webhook",
);

const fields = WebhookInput.shape;

export const NewWebhook = WebhookInput.extend({
  types: fields.types.default([]),
  providers: fields.providers.default([]),
  platforms: fields.platforms.default([]),
  ordering: fields.ordering.default("none"),
  batch: fields.batch.default(null),
  ratePerSecond: fields.ratePerSecond.default(null),
  handshake: fields.handshake.default("none"),
  enabled: fields.enabled.default(true),
}).openapi("NewWebhook");

export const WebhookPatch = WebhookInput.partial().openapi("WebhookPatch");

export const ShownWebhook = Webhook.extend(WebhookSecrets.shape).openapi("ShownWebhook");

export const Rotation = z
  .strictObject({
    graceSeconds: z.int().min(0).max(604_800).optional().openapi({
      description: "So long the old secret signs as well. A day unless told otherwise.",
    }),
  })
  .openapi("Rotation");

const { id, publicKey, x, retiresAt } = PublicKeyView.shape;

export const PublicKeys = z
  .object({
    publicKey,
    keys: z.array(
      z.object({
        id,
        publicKey,
        jwk: z.object({
          kty: z.literal("OKP"),
          crv: z.literal("Ed25519"),
          x,
          kid: id,
          alg: z.literal("EdDSA"),
          use: z.literal("sig"),
        }),
        retiresAt,
      }),
    ),
  })
  .openapi("PublicKeys");
