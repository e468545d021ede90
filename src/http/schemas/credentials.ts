import { z } from "@hono/zod-openapi";

import { Time } from "../../calls/fields.ts";
import { ChannelId } from "../../event/ids.ts";
import { Principal, Scope } from "../../event/principal.ts";
import { TOKEN_MAX_SECONDS } from "../tokens.ts";

/** A credential, told of to whoever has it. */
export const Credential = z
  .object({
    kind: Principal.shape.kind,
    id: z.string().nullable().openapi({
      description: "Of a key: what it is revoked by. Null for the admin key, and for none.",
    }),
    name: z.string().nullable().openapi({
      description: "As whoever made it has named it; null where it has none.",
    }),
    scopes: z.array(Scope),
    channels: z.array(z.string()).nullable().openapi({
      description:
        "The channels that it is bound to, of those that are still there; null for a credential that is bound to none. A public channel may be read with any.",
    }),
    expiresAt: Time.nullable(),
  })
  .openapi("Credential");

export const NewKey = z
  .strictObject({
    name: z.string().min(1).max(200),
    scopes: z.array(Scope).min(1),
    channels: z.array(ChannelId).min(1).max(100).nullable().default(null),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  })
  .openapi("NewKey");

export const Key = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(Scope),
    channels: z.array(z.string()).nullable(),
    createdAt: Time,
    expiresAt: Time.nullable(),
    revokedAt: Time.nullable(),
  })
  .openapi("Key");

export const ShownKey = Key.extend({
  key: z.string().openapi({ description: "Shown this once." }),
}).openapi("ShownKey");

const LABEL = "Where it was put, in words of one's own: which program, on which machine.";

export const OverlayKey = z
  .object({
    id: z.string(),
    name: z.string(),
    label: z.string().nullable().openapi({ description: LABEL }),
    createdAt: Time,
    expiresAt: Time.nullable(),
    revokedAt: Time.nullable(),
    lastUsedAt: Time.nullable().openapi({
      description:
        "The day of its last use, as the beginning of that day in UTC; null if it never was.",
    }),
  })
  .openapi("OverlayKey");

export const ShownOverlayKey = OverlayKey.extend({
  key: z.string().openapi({ description: "Shown this once." }),
}).openapi("ShownOverlayKey");

export const NewOverlayKey = z
  .strictObject({
    name: z.string().min(1).max(200),
    label: z.string().min(1).max(200).nullable().default(null).openapi({ description: LABEL }),
  })
  .openapi("NewOverlayKey");

export const NewToken = z
  .strictObject({
    scopes: z.array(Scope).min(1),
    ttlSeconds: z.int().min(1).max(TOKEN_MAX_SECONDS),
    subject: z.string().min(1).max(200).optional(),
    name: z.string().min(1).max(200).optional(),
  })
  .openapi("NewToken");

export const Token = z.object({ token: z.string(), expiresAt: Time }).openapi("Token");

export const Ticket = z.object({ ticket: z.string(), expiresAt: Time }).openapi("Ticket");
