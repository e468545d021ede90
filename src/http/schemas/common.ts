import { z } from "@hono/zod-openapi";

import { ChannelId } from "../../event/ids.ts";

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ description: "Stable; what programs look at." }),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional(),
          parameter: z.string().optional(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .openapi("Problem");

/** A list's page. */
export function listOf<S extends z.ZodType>(item: S, name: string) {
  const next = z
    .string()
    .nullable()
    .openapi({ description: "Goes into `cursor`; null at the end." });
  return z.object({ data: z.array(item), next }).openapi(name);
}

/** A list's parameters. */
export const ListQuery = z.strictObject({
  cursor: z
    .string()
    .max(2048)
    .optional()
    .openapi({ description: "The `next` of the page before." }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  token: z.string().max(4096).optional(),
});

export const ChannelParams = z.object({ channel: ChannelId });

/** No parameters but a credential's. */
export const NoQuery = z.strictObject({ token: z.string().max(4096).optional() });
