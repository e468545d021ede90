import { z } from "zod";

import type { Epoch } from "../event/ids.ts";
import { PositionText, Time } from "./fields.ts";

// A filter has no more entries: see `event/filter.ts`.
const ENTRIES_MAX = 64;
const Entries = z
  .array(z.string().min(1).max(200))
  .max(ENTRIES_MAX)
  .meta({ description: "Empty: all." });

const Batch = z
  .strictObject({ max: z.int().min(1).max(500), waitMs: z.int().min(0).max(60_000) })
  .meta({ description: "Up to `max` events a delivery; the first waits at most `waitMs`." });

/** The part of a webhook that its owner decides. */
export const WebhookInput = z.strictObject({
  url: z.string().max(2_000),
  types: Entries,
  providers: Entries,
  platforms: Entries,
  ordering: z.enum(["none", "channel"]).meta({
    description: "`channel`: one delivery at a time, in the order of the log.",
  }),
  batch: Batch.nullable(),
  ratePerSecond: z.number().min(0.01).max(1_000).nullable().meta({
    description: "Deliveries that begin in a second, at most. Null: as fast as it answers.",
  }),
  handshake: z.enum(["none", "cloudevents"]).meta({
    description:
      "`cloudevents`: nothing is sent before the endpoint has consented to an OPTIONS request.",
  }),
  enabled: z.boolean(),
});
export type WebhookInput = z.infer<typeof WebhookInput>;

export interface WebhookSpec extends WebhookInput {
  readonly id: string;
  readonly channel: string;
  readonly channelNumber: number;
  readonly epoch: Epoch;
  /** The relay's own host, as it was asked under. */
  readonly origin: string;
}

/** How an endpoint fares. */
export const WebhookHealthView = z.object({
  state: z.enum(["healthy", "failing", "unverified", "disabled"]),
  since: Time,
  /** Why it is disabled or not verified. */
  reason: z.string().nullable(),
  /** The share of recent attempts that failed. */
  failureRate: z.number(),
  failingSince: Time.nullable(),
  failedAttempts: z.int(),
  lastSuccessAt: Time.nullable(),
  lastFailureAt: Time.nullable(),
  /** When a failing endpoint is tried again. */
  nextProbeAt: Time.nullable(),
  pending: z.int().meta({ description: "Deliveries that wait." }),
  /** Since when the oldest of them waits. */
  oldestPendingAt: Time.nullable(),
  position: PositionText.nullable().meta({ description: "Up to where it was handed the log." }),
});
export type WebhookHealthView = z.infer<typeof WebhookHealthView>;

/** A webhook, never with its secret. */
export const WebhookView = z.object({
  id: z.string(),
  ...WebhookInput.shape,
  health: WebhookHealthView,
  createdAt: Time,
  /** When it was last changed, in milliseconds: its entity tag is made of it. */
  updatedAt: z.number(),
});
export type WebhookView = z.infer<typeof WebhookView>;

/** The parts of a webhook that are shown once. */
export const WebhookSecrets = z.object({
  secret: z.string().meta({ description: "`whsec_…`: what `v1` is made with. Shown this once." }),
  publicKey: z.string().meta({ description: "`whpk_…`: what `v1a` is verified with." }),
});

/** A webhook with its secret. */
export type ShownWebhook = WebhookView & z.infer<typeof WebhookSecrets>;

/** A key that signs. */
export const PublicKeyView = z.object({
  id: z.string(),
  publicKey: z.string(),
  /** Base 64url, as a JSON Web Key has it. */
  x: z.string(),
  /** When it stops signing; null for the current one. */
  retiresAt: Time.nullable(),
});
export type PublicKeyView = z.infer<typeof PublicKeyView>;
