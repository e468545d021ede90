import { z } from "@hono/zod-openapi";

import { ListQuery } from "./common.ts";

/** The parameters of the list of schemas: all of them are one page, unless it is told otherwise. */
export const SchemasQuery = ListQuery.extend({
  limit: z.coerce.number().int().min(1).max(200).default(200),
});

/** A type of event, and where its schema is. */
export const SchemaLink = z.object({ type: z.string(), url: z.string() }).openapi("SchemaLink");

/** A document that says itself what it is. */
export const Document = z.record(z.string(), z.unknown()).openapi("Document");

export const SchemaParams = z.object({
  type: z.string().openapi({ description: "An event type, as `chat.message`." }),
});

/** RFC 7517. */
export const JsonWebKeys = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal("OKP"),
        crv: z.literal("Ed25519"),
        x: z.string(),
        kid: z.string(),
        alg: z.literal("EdDSA"),
        use: z.literal("sig"),
      }),
    ),
  })
  .openapi("JsonWebKeys");
