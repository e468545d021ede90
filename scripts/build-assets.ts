/*
 * Builds the static pages, and the OpenAPI document, into dist/assets. Everything they load is served from there: no page asks
 * another host for anything.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { listTree, writeTree } from "./write-tree.ts";

const root = join(import.meta.dirname, "..");
const pages = join(root, "src/console");
const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const files = new Map<string, Uint8Array>();
for (const path of listTree(pages)) files.set(path, readFileSync(join(pages, path)));
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt"]) {
  files.set(`docs/${file}`, readFileSync(join(swagger, file)));
}

// By its path, as nothing else here is checked with the Worker's types.
const { makeOpenApiDocument } = (await import(
  pathToFileURL(join(root, "src/http/openapi.ts")).href
)) as {
  makeOpenApiDocument: () => object;
};
files.set("docs/openapi.json", Buffer.from(JSON.stringify(makeOpenApiDocument())));

writeTree(join(root, "dist/assets"), files);
