/* JSON Schemas as forms: what a field is, and its value in what is sent. Pure. */

export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly description?: string;
}

export type FormField =
  | { readonly kind: "group"; readonly fields: readonly NamedField[] }
  | { readonly kind: "text" | "number" | "boolean" | "json" }
  | { readonly kind: "choice"; readonly of: readonly string[] };

export interface NamedField {
  readonly name: string;
  readonly path: string;
  readonly isRequired: boolean;
  readonly about: string;
  readonly field: FormField;
}

/** As deep as a form is still one. */
const DEPTH = 4;

function resolve(schema: Schema, root: Schema): Schema {
  const name = /^#\/\$defs\/(.+)$/.exec(schema.$ref ?? "")?.[1];
  if (name === undefined) return schema;
  const found = Object.entries(root.$defs ?? {}).find(([each]) => each === name)?.[1];
  return found ?? {};
}

/** The fields of an object's schema. */
export function listFields(schema: Schema, root: Schema, path = "", depth = 0): NamedField[] {
  const { properties = {}, required = [] } = resolve(schema, root);
  return Object.entries(properties).map(([name, given]) => {
    const own = resolve(given, root);
    const here = `${path}/${name}`;
    return {
      name,
      path: here,
      isRequired: required.includes(name),
      about: given.description ?? own.description ?? "",
      field: toField(own, root, here, depth),
    };
  });
}

function toField(schema: Schema, root: Schema, path: string, depth: number): FormField {
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (choices !== undefined && choices.every((each) => typeof each === "string"))
    return { kind: "choice", of: choices };
  switch (schema.type) {
    case "string":
      return { kind: "text" };
    case "number":
    case "integer":
      return { kind: "number" };
    case "boolean":
      return { kind: "boolean" };
    case "object":
      return schema.properties === undefined || depth >= DEPTH
        ? { kind: "json" }
        : { kind: "group", fields: listFields(schema, root, path, depth + 1) };
    default:
      return { kind: "json" };
  }
}

/** The texts of the fields, by their paths; a field that is left empty is not sent. */
export type FormValues = ReadonlyMap<string, string>;

/** Makes the data of a form, and lists the fields whose text is none of their kind. */
export function makeData(
  fields: readonly NamedField[],
  values: FormValues,
): { readonly data: Record<string, unknown>; readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const data = makeObject(fields, values, wrong);
  return { data: data ?? {}, wrong };
}

function makeObject(
  fields: readonly NamedField[],
  values: FormValues,
  wrong: string[],
): Record<string, unknown> | null {
  const entries: [string, unknown][] = [];
  for (const { name, path, field, isRequired } of fields) {
    const text = values.get(path) ?? "";
    if (field.kind === "group") {
      const inner = makeObject(field.fields, values, wrong);
      if (inner !== null) entries.push([name, inner]);
      continue;
    }
    if (text === "") {
      const usual = isRequired ? findUsual(field) : undefined;
      if (usual !== undefined) entries.push([name, usual]);
      continue;
    }
    const value = readValue(text, field.kind);
    if (value === undefined) wrong.push(path);
    else entries.push([name, value]);
  }
  const isFilled = fields.some(
    ({ path, field }) => field.kind !== "group" && (values.get(path) ?? "") !== "",
  );
  const hasInner = entries.some(([, value]) => typeof value === "object");
  return isFilled || hasInner || fields.length === 0 ? Object.fromEntries(entries) : null;
}

function findUsual(field: FormField): unknown {
  if (field.kind === "boolean") return false;
  if (field.kind === "choice") return field.of[0];
  return field.kind === "json" ? [] : undefined;
}

function readValue(text: string, kind: FormField["kind"]): unknown {
  if (kind === "number") return Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (kind === "boolean") return text === "true";
  if (kind !== "json") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // It is said at the field.
    return undefined;
  }
}

/** The texts of a form's fields that an example fills. */
export function fillFrom(
  fields: readonly NamedField[],
  example: Readonly<Record<string, unknown>>,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, path, field } of fields) {
    const value = Object.entries(example).find(([each]) => each === name)?.[1];
    if (value === undefined) continue;
    if (field.kind === "group") {
      if (typeof value === "object" && value !== null) {
        const inner = fillFrom(field.fields, value as Record<string, unknown>);
        for (const [at, text] of inner) values.set(at, text);
      }
    } else values.set(path, typeof value === "string" ? value : JSON.stringify(value));
  }
  return values;
}
