/*
 * Builds the static pages, and the OpenAPI document, into dist/assets. Everything they load is served from there: no page asks
 * another host for anything.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "..");
const assets = join(root, "dist/assets");
const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

rmSync(assets, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });
cpSync(join(root, "src/console"), assets, { recursive: true });
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt"]) {
  cpSync(join(swagger, file), join(assets, "docs", file));
}

// By its path, as nothing else here is checked with the Worker's types.
const { openApiDocument } = (await import(
  pathToFileURL(join(root, "src/http/openapi.ts")).href
)) as {
  openApiDocument: () => object;
};
writeFileSync(join(assets, "docs/openapi.json"), JSON.stringify(openApiDocument()));
