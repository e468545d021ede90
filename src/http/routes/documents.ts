import { Hono } from "hono";

import { RelayError } from "../../errors.ts";
import { EVENT_TYPES, makeEventSchema } from "../../event/schemas.ts";
import { serveAsset } from "../assets.ts";
import type { AppEnv } from "../env.ts";

const CACHE = "public, max-age=300";

/** JSON Schemas of the events, the OpenAPI document, and the page that shows the API. */
export const documentRoutes = new Hono<AppEnv>()
  .get("/schemas", (c) => {
    c.header("cache-control", CACHE);
    const { origin } = new URL(c.req.url);
    const data = EVENT_TYPES.map((type) => ({ type, url: `${origin}/v1/schemas/${type}.json` }));
    return c.json({ data, next: null });
  })
  .get("/schemas/:file{.+\\.json}", (c) => {
    const type = c.req.param("file").replace(/\.json$/, "");
    const schema = makeEventSchema(type, new URL(c.req.url).origin);
    if (schema === null) throw new RelayError("schema_not_found", "There is no such event type.");
    c.header("cache-control", CACHE);
    return c.body(JSON.stringify(schema), 200, { "content-type": "application/schema+json" });
  })
  .get("/openapi.json", async (c) => {
    const document = await serveAsset(c, "/docs/openapi.json");
    document.headers.set("cache-control", CACHE);
    return document;
  })
  .get("/docs", (c) => serveAsset(c, "/docs/"));
