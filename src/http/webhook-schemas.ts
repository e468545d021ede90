import { z } from "@hono/zod-openapi";

/*
 * What the API says of webhooks and is told, as schemas.
 */

const time = z.iso.datetime().openapi({ example: "2026-11-21T01:17:00.123Z" });
const position = z.string().openapi({ example: "k3f9w2ab7q-4711" });

const WORDS_MAX = 64;
const words = z
  .array(z.string().min(1).max(200))
  .max(WORDS_MAX)
  .openapi({ description: "Empty: all." });

const Ordering = z.enum(["none", "channel"]).openapi({
  description: "`channel`: one delivery at a time, in the order of the log.",
});

const Batch = z
  .strictObject({ max: z.int().min(1).max(500), waitMs: z.int().min(0).max(60_000) })
  .openapi({ description: "Up to `max` events a delivery; the first waits at most `waitMs`." });

const fields = {
  url: z.string().max(2_000),
  types: words,
  providers: words,
  platforms: words,
  ordering: Ordering,
  batch: Batch.nullable(),
  ratePerSecond: z.number().min(0.01).max(1_000).nullable().openapi({
    description: "Deliveries that begin in a second, at most. Null: as fast as it answers.",
  }),
  handshake: z.enum(["none", "cloudevents"]).openapi({
    description:
      "`cloudevents`: nothing is sent before the endpoint has consented to an OPTIONS request.",
  }),
  enabled: z.boolean(),
};

export const WebhookHealth = z
  .object({
    state: z.enum(["healthy", "failing", "unverified", "disabled"]),
    since: time,
    reason: z.string().nullable(),
    failureRate: z.number(),
    failingSince: time.nullable(),
    failedAttempts: z.int(),
    lastSuccessAt: time.nullable(),
    lastFailureAt: time.nullable(),
    nextProbeAt: time.nullable(),
    pending: z.int().openapi({ description: "Deliveries that wait." }),
    oldestPendingAt: time.nullable(),
    position: position.nullable().openapi({ description: "Up to where it was handed the log." }),
  })
  .openapi("WebhookHealth");

export const Webhook = z
  .object({ id: z.string(), ...fields, health: WebhookHealth, createdAt: time })
  .openapi("Webhook");

export const NewWebhook = z
  .strictObject({
    url: fields.url,
    types: fields.types.default([]),
    providers: fields.providers.default([]),
    platforms: fields.platforms.default([]),
    ordering: fields.ordering.default("none"),
    batch: fields.batch.default(null),
    ratePerSecond: fields.ratePerSecond.default(null),
    handshake: fields.handshake.default("none"),
    enabled: fields.enabled.default(true),
  })
  .openapi("NewWebhook");

export const WebhookPatch = z.strictObject(fields).partial().openapi("WebhookPatch");

export const ShownWebhook = Webhook.extend({
  secret: z
    .string()
    .openapi({ description: "`whsec_…`: what `v1` is made with. Shown this once." }),
  publicKey: z.string().openapi({ description: "`whpk_…`: what `v1a` is verified with." }),
}).openapi("ShownWebhook");

export const Rotation = z
  .strictObject({
    graceSeconds: z.int().min(0).max(604_800).optional().openapi({
      description: "So long the old secret signs as well. A day unless told otherwise.",
    }),
  })
  .openapi("Rotation");

export const PublicKeys = z
  .object({
    publicKey: z.string(),
    keys: z.array(
      z.object({
        id: z.string(),
        publicKey: z.string(),
        jwk: z.object({
          kty: z.literal("OKP"),
          crv: z.literal("Ed25519"),
          x: z.string(),
          kid: z.string(),
          alg: z.literal("EdDSA"),
          use: z.literal("sig"),
        }),
        retiresAt: time.nullable(),
      }),
    ),
  })
  .openapi("PublicKeys");

const DeliveryStatus = z.enum(["pending", "succeeded", "failed", "cancelled"]);

const deliveryFields = {
  id: z.string(),
  kind: z.enum(["event", "test", "verification"]),
  messageId: z.string().nullable().openapi({
    description: "`webhook-id` on the wire; null while a batch still gathers.",
  }),
  events: z.int(),
  status: DeliveryStatus,
  why: z.string().nullable(),
  nextAttemptAt: time.nullable(),
  createdAt: time,
  settledAt: time.nullable(),
  recovery: z.string().nullable(),
};

export const Delivery = z.object({ ...deliveryFields, attempts: z.int() }).openapi("Delivery");

export const Attempt = z
  .object({
    number: z.int(),
    at: time,
    trigger: z.enum(["scheduled", "probe", "manual", "test", "recovery"]),
    class: z.enum(["success", "permanent", "transient", "ours"]),
    reason: z.string(),
    detail: z.string().nullable(),
    traceId: z.string().nullable(),
    request: z.object({
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      bytes: z.int(),
    }),
    response: z
      .object({
        status: z.int(),
        headers: z.record(z.string(), z.string()),
        body: z.string().openapi({ description: "Its beginning." }),
        bytes: z.int(),
        cut: z.boolean(),
      })
      .nullable(),
    headersMs: z.number().nullable(),
    endMs: z.number().nullable(),
    nextAttemptAt: time.nullable(),
    why: z.string(),
  })
  .openapi("Attempt");

export const DeliveryDetail = z
  .object({ ...deliveryFields, eventIds: z.array(position), attempts: z.array(Attempt) })
  .openapi("DeliveryDetail");

export const DeliveryQuery = z.strictObject({
  status: DeliveryStatus.optional(),
  after: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  token: z.string().max(4096).optional(),
});

export const NewRecovery = z
  .strictObject({
    after: position.optional(),
    since: z.iso.datetime({ offset: true }).optional(),
    until: z.string().max(64).optional().openapi({
      description: "A time (events recorded before it) or a position (up to and with it).",
    }),
    only: z.enum(["failed", "missing", "all"]).default("failed").openapi({
      description:
        "`failed`: what was given up on. `missing`: what was never owed, as while it was disabled.",
    }),
  })
  .openapi("NewRecovery");

export const Recovery = z
  .object({
    id: z.string(),
    status: z.enum(["counting", "running", "done", "cancelled"]),
    only: z.enum(["failed", "missing", "all"]),
    after: position,
    upTo: position,
    count: z.int().nullable().openapi({ description: "Events to bring; null while counting." }),
    delivered: z.int(),
    failed: z.int(),
    remaining: z.int().nullable(),
    position,
    gap: z
      .object({ from: position, to: position, cause: z.literal("expired") })
      .nullable()
      .openapi({ description: "What was to be brought and is no longer kept." }),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .openapi("Recovery");
