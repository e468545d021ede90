/*
 * Writes src/client/events.ts, the types of the catalogue's events for programs, and
 * src/console/api/types.ts, those of the API's answers for the console. `--check` writes nothing and
 * fails where a file is not as it would be written.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { z } from "zod";

import { formatInterface, formatType, nameOf, type Schema } from "./client/types.ts";

const root = join(import.meta.dirname, "..");

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

/** The answers and bodies that the console asks with; what they are made of comes with them. */
const ASKED = [
  "Channels",
  "NewChannel",
  "ChannelPatch",
  "Providers",
  "NewProvider",
  "ProviderPatch",
  "Connections",
  "Status",
  "OpenSockets",
  "Keys",
  "NewKey",
  "ShownKey",
  "Credential",
  "NewToken",
  "Token",
  "OverlayKeys",
  "NewOverlayKey",
  "ShownOverlayKey",
  "Webhooks",
  "NewWebhook",
  "WebhookPatch",
  "ShownWebhook",
  "PublicKeys",
  "Deliveries",
  "DeliveryDetail",
  "Recoveries",
  "NewRecovery",
  "PostedEvent",
  "RelayStatus",
  "Metrics",
  "Authorization",
];

/** Makes the text of the console's types, of the API's own document. */
async function makeApiText(): Promise<string> {
  const { makeOpenApiDocument } = await load<{
    makeOpenApiDocument: () => { components: { schemas: Record<string, Schema> } };
  }>("http/openapi.ts");
  const { schemas } = makeOpenApiDocument().components;
  const names = new Set(ASKED);
  for (const name of names) {
    const text = JSON.stringify(schemas[name]);
    for (const [, other = ""] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) names.add(other);
  }
  const types = [...names].map((name) => {
    // Its words are in the document, for people.
    const lean = (key: string, value: unknown) =>
      key === "description" && typeof value === "string" ? undefined : value;
    const schema = JSON.parse(JSON.stringify(schemas[name], lean)) as Schema;
    return `export type ${nameOf(name)} = ${formatType(schema)};\n`;
  });
  const opening =
    "/*\n * What the API is asked with, and answers. Generated from its own document: see\n * `scripts/build-client-types.ts`.\n */\n";
  return [opening, ...types].join("\n");
}

const files = [
  ["src/client/events.ts", await makeText()],
  ["src/console/api/types.ts", await makeApiText()],
] as const;
for (const [name, text] of files) {
  const file = join(root, name);
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`${name} is not of these schemas: run npm run types:client`);
    process.exitCode = 1;
  }
}
