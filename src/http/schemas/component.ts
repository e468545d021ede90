import type { z } from "@hono/zod-openapi";

/**
 * The schema as a component of the API's document, under this name. A copy: what names components is
 * given to schemas when they are made, and those of other rooms may have been made before.
 */
export function nameComponent<S extends z.ZodType>(schema: S, name: string): S {
  return schema.clone().openapi(name);
}
