import type { Context } from "hono";

import type { AppEnv } from "./env.ts";

/** A static page, as an answer whose headers can still be set. */
export async function serveAsset(c: Context<AppEnv>, path: string): Promise<Response> {
  const found = await c.env.ASSETS.fetch(new URL(path, c.req.url));
  return new Response(found.body, found);
}
