/*
 * TypeScript of JSON Schemas, as the client's package has it: one interface for each shape that has a
 * name, and one for each type of event. The schemas are of the catalogue, so they are few in kind.
 */

/** A JSON Schema, as far as the catalogue has any. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly description?: string;
}

/** A name of a type or a shape as an interface's. */
export function nameOf(id: string): string {
  return id
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** The type that a schema describes. */
export function formatType(schema: Schema, indent = ""): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return either.map((each) => formatType(each, indent)).join(" | ");
  if (schema.allOf !== undefined) {
    return schema.allOf.map((each) => wrap(formatType(each, indent))).join(" & ");
  }
  if (Array.isArray(schema.type)) {
    const types = schema.type as readonly string[];
    return types.map((type) => formatType({ ...schema, type }, indent)).join(" | ");
  }
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return `readonly ${wrap(formatType(schema.items ?? {}, indent))}[]`;
    case "object":
      return schema.properties === undefined ? formatRecord(schema) : formatObject(schema, indent);
    default:
      return "unknown";
  }
}

/** A declaration with its comment. */
export function formatInterface(name: string, schema: Schema): string {
  const about = schema.description === undefined ? "" : `/** ${schema.description} */\n`;
  const type = formatType(schema);
  return type.startsWith("{")
    ? `${about}export interface ${name} ${type}\n`
    : `${about}export type ${name} = ${type};\n`;
}

function wrap(type: string): string {
  return /[ |]/.test(type) && !type.startsWith("{") ? `(${type})` : type;
}

function formatRecord({ additionalProperties }: Schema): string {
  const value =
    typeof additionalProperties === "object" ? formatType(additionalProperties) : "unknown";
  return `Readonly<Record<string, ${value}>>`;
}

function formatObject(schema: Schema, indent: string): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, each]) => {
    const about = each.description === undefined ? "" : `${inner}/** ${each.description} */\n`;
    const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
    const optional = required.includes(name) ? "" : "?";
    return `${about}${inner}readonly ${key}${optional}: ${formatType(each, inner)};\n`;
  });
  const isOpen = typeof additionalProperties === "object";
  if (isOpen) lines.push(`${inner}readonly [name: string]: unknown;\n`);
  return `{\n${lines.join("")}${indent}}`;
}
