import { Hono, type Context } from "hono";

import { RelayError } from "../../errors.ts";
import { isCatalogueType } from "../../event/catalogue.ts";
import { EVENT_TYPES } from "../../event/schemas.ts";
import { serveAsset } from "../assets.ts";
import type { AppEnv } from "../env.ts";
import { listAll, readListPage } from "../lists.ts";
import { negotiate } from "../negotiation.ts";
import { SchemasQuery } from "../schemas/documents.ts";
import { readQuery, validate } from "../validation.ts";

const CACHE = "public, max-age=300";

/** JSON Schemas of the events, the API's own documents, and the page that shows them. */
export const documentRoutes = new Hono<AppEnv>()
  .get("/schemas", async (c) => {
    const { origin } = new URL(c.req.url);
    const input = validate(SchemasQuery, readQuery(c), "");
    negotiate(c, ["application/json"]);
    const list = listAll("schemas", EVENT_TYPES, (type) => type);
    const { data, next } = await readListPage(list, input);
    c.header("cache-control", CACHE);
    const shown = data.map((type) => ({ type, url: `${origin}/v1/schemas/${type}.json` }));
    return c.json({ data: shown, next });
  })
  .get("/schemas/:file{.*\\.json}", async (c) => {
    const type = c.req.param("file").replace(/\.json$/, "");
    if (!isCatalogueType(type)) {
      throw new RelayError("schema_not_found", "There is no such event type.");
    }
    const form = negotiate(c, ["application/schema+json", "application/json"]);
    const built = await c.env.ASSETS.fetch(new URL(`/docs/schemas/${type}.json`, c.req.url));
    const schema: Readonly<Record<string, unknown>> = await built.json();
    // It is built with its path, and is named by wherever it is read from.
    const named = { ...schema, $id: new URL(String(schema["$id"]), c.req.url).href };
    c.header("cache-control", CACHE);
    c.header("vary", "Accept");
    return c.body(JSON.stringify(named), 200, { "content-type": form });
  })
  .get("/openapi.json", (c) => serveDocument(c, "/docs/openapi.json"))
  .get("/asyncapi.json", (c) => serveDocument(c, "/docs/asyncapi.json"))
  .get("/docs", (c) => serveAsset(c, "/docs/"))
  .get("/docs/events", (c) => serveAsset(c, "/docs/events/"));

async function serveDocument(c: Context<AppEnv>, path: string): Promise<Response> {
  negotiate(c, ["application/json"]);
  const document = await serveAsset(c, path);
  document.headers.set("cache-control", CACHE);
  return document;
}
