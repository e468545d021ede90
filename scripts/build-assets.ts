/*
 * Builds the static pages, and the documents of the API, into dist/assets. Everything they load is served from there: no page asks
 * another host for anything.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { buildConsole, icon } from "./build-console.ts";
import { buildOverlays } from "./build-overlays.ts";
import { makeEventsPage, type AsyncApiDocument } from "./events-page/page.ts";
import { listTree, writeTree } from "./write-tree.ts";

const root = join(import.meta.dirname, "..");
const pages = join(root, "src/console");
const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const files = new Map<string, Uint8Array>();
files.set("_headers", readFileSync(join(pages, "_headers")));
for (const path of listTree(join(pages, "docs")))
  files.set(`docs/${path}`, readFileSync(join(pages, "docs", path)));
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt"]) {
  files.set(`docs/${file}`, readFileSync(join(swagger, file)));
}

/** Imports from the Worker's sources by path: nothing else here is checked with the Worker's types. */
async function load<T>(path: string): Promise<T> {
  return (await import(pathToFileURL(join(root, "src", path)).href)) as T;
}

const { makeOpenApiDocument } = await load<{ makeOpenApiDocument: () => object }>(
  "http/openapi.ts",
);
const { SocketQuery: socketQuery, StreamQuery: streamQuery } = await load<{
  SocketQuery: object;
  StreamQuery: object;
}>("http/schemas/live.ts");
const { makeAsyncApiDocument } = await load<{
  makeAsyncApiDocument: (parts: { socketQuery: object; streamQuery: object }) => object;
}>("protocols/tributary/asyncapi.ts");
const { EVENT_TYPES: eventTypes, makeEventSchema } = await load<{
  EVENT_TYPES: readonly string[];
  makeEventSchema: (type: string) => object;
}>("event/schemas.ts");
for (const type of eventTypes) {
  files.set(`docs/schemas/${type}.json`, Buffer.from(JSON.stringify(makeEventSchema(type))));
}
const documents = {
  openapi: makeOpenApiDocument(),
  asyncapi: makeAsyncApiDocument({ socketQuery, streamQuery }),
};
for (const [name, document] of Object.entries(documents)) {
  files.set(`docs/${name}.json`, Buffer.from(JSON.stringify(document)));
}

// One event of each type, with all that it may have, is what the tests go by as well.
const { allSamples, numbered } = await load<{
  allSamples: readonly { type: string }[];
  numbered: (draft: object, seq: number) => { event: object };
}>("../test/support/samples.ts");
const examples = Object.fromEntries(
  allSamples.map((draft, index) => [draft.type, numbered(draft, 4711 + index).event]),
);
const page = makeEventsPage(documents.asyncapi as AsyncApiDocument, examples);
files.set("docs/events/index.html", Buffer.from(page));

for (const [path, content] of await buildOverlays()) files.set(path, content);
for (const [path, content] of (await buildConsole()).files) files.set(path, content);
files.set(...icon);

writeTree(join(root, "dist/assets"), files);
