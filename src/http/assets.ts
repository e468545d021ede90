import type { Context } from "hono";

import type { AppEnv } from "./env.ts";

/**
 * A static page, as an answer whose headers can still be set. It has an entity tag, and is not sent
 * again to whoever has it.
 */
export async function serveAsset(c: Context<AppEnv>, path: string): Promise<Response> {
  const known = c.req.header("if-none-match");
  const headers = known === undefined ? {} : { "if-none-match": known };
  const found = await c.env.ASSETS.fetch(new URL(path, c.req.url), { headers });
  return new Response(found.body, found);
}
