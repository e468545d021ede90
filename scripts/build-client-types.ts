/*
 * Writes src/client/events.ts, the types of the catalogue's events for programs. `--check` writes
 * nothing and fails where the file is not as it would be written.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { z } from "zod";

import { formatInterface, nameOf, type Schema } from "./client/types.ts";

const root = join(import.meta.dirname, "..");
const file = join(root, "src/client/events.ts");

/** Imports from the Worker's sources by path: nothing else here is checked with the Worker's types. */
async function load<T>(path: string): Promise<T> {
  return (await import(pathToFileURL(join(root, "src", path)).href)) as T;
}

/** Makes the file's text. */
async function makeText(): Promise<string> {
  const shapes = await load<Record<string, z.ZodType>>("event/shapes.ts");
  const { catalogue } = await load<{
    catalogue: Record<string, { about: string; data: z.ZodType }>;
  }>("event/catalogue.ts");
  const { StatusView } = await load<{ StatusView: z.ZodType }>("calls/status.ts");
  const registry = z.registry<{ id: string }>();
  for (const [name, shape] of Object.entries(shapes)) {
    if (shape instanceof z.ZodObject || shape instanceof z.ZodEnum)
      registry.add(shape, { id: name });
  }
  const types = Object.entries(catalogue);
  // An entry whose data is a shape is that shape.
  for (const [type, { data }] of types) {
    if (!registry.has(data)) registry.add(data, { id: type });
  }
  registry.add(StatusView, { id: "Status" });
  const { schemas } = z.toJSONSchema(registry, { io: "output", unrepresentable: "any" });
  const about = new Map(types.map(([type, each]) => [type, each.about]));
  const interfaces = Object.entries(schemas).map(([id, schema]) => {
    const description = about.get(id);
    return formatInterface(nameOf(id), {
      ...(schema as Schema),
      ...(description !== undefined && { description: `\`${id}\`: ${description}` }),
    });
  });
  const entries = types.map(([type, { data }]) => {
    const { id = type } = registry.get(data) ?? {};
    return `  readonly "${type}": ${nameOf(id)};\n`;
  });
  return [
    "/*\n * The data of every type of event. Generated from the relay's own schemas: see\n * `scripts/build-client-types.ts`.\n */\n",
    `/** The data of each type. */\nexport interface Catalogue {\n${entries.join("")}}\n`,
    ...interfaces,
  ].join("\n");
}

const text = await makeText();
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("src/client/events.ts is not of this catalogue: run npm run types:client");
  process.exitCode = 1;
}
