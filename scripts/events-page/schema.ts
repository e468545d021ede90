import { html, type Html } from "./html.ts";

/** The part of a JSON Schema that the page shows. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** A field as the page shows it: `path` from the top, with `[]` for each of a list. */
export interface Field {
  readonly path: string;
  readonly type: Html;
  readonly isRequired: boolean;
  readonly description: string | null;
}

/** Lists the fields of an object, and of the objects in it that have no name of their own. */
export function listFields(schema: Schema, prefix = ""): readonly Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = prefix + name;
    const isRequired = required.includes(name);
    const description = field.description ?? null;
    const inner = findInner(field);
    const below = inner === null ? [] : listFields(inner.schema, `${path}${inner.suffix}.`);
    return [{ path, type: formatType(field), isRequired, description }, ...below];
  });
}

/** The object in a field whose own fields are to be listed; null where there is none. */
function findInner(field: Schema): { schema: Schema; suffix: string } | null {
  if (field.properties !== undefined) return { schema: field, suffix: "" };
  if (field.items?.properties !== undefined) return { schema: field.items, suffix: "[]" };
  for (const each of field.anyOf ?? []) {
    const inner = findInner(each);
    if (inner !== null) return inner;
  }
  return null;
}

/** A schema's type in words, with a link to what has a name. */
export function formatType(schema: Schema): Html {
  const { $ref, allOf, anyOf, oneOf, items } = schema;
  if ($ref !== undefined) return formatReference($ref);
  if (allOf?.length === 1 && allOf[0] !== undefined) return formatType(allOf[0]);
  const some = anyOf ?? oneOf;
  if (some !== undefined) return join(some.map(formatType), " or ");
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined) {
    return join(
      schema.enum.map((each) => html`<code>${String(each)}</code>`),
      ", ",
    );
  }
  if (items !== undefined) return html`list of ${formatType(items)}`;
  if (schema.format === "date-time") return html`time`;
  const { type = "anything" } = schema;
  return html`${typeof type === "string" ? type : type.join(" or ")}`;
}

function formatReference(reference: string): Html {
  const name = reference.split("/").at(-1) ?? "";
  return html`<a href="#${name}">${name}</a>`;
}

function join(parts: readonly Html[], between: string): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${between}${part}`))}`;
}
