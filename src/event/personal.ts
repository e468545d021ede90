import { z } from "zod";

/**
 * Says what a field of an event holds of people. The catalogue does so of every field that holds any,
 * and erasure, redaction and the published schemas are made from that.
 *
 * - `message`: a message of somebody. Of its words nothing stays, of its place in the chat all.
 * - `words`: other words of somebody.
 * - `person`: names somebody.
 * - `open`: whatever a provider or a program put there, people and their words included.
 * - `members`: the same, and each member stands by itself.
 */
export type Personal =
  | { readonly kind: "message" | "words"; readonly of: Author }
  | { readonly kind: "person" | "open" | "members" };

/** The field of the data that names whose words they are; null for words of nobody who is named. */
export type Author = "user" | "by" | null;

/** The name of the mark in a schema, and in the JSON Schema that is published of it. */
export const PERSONAL = "x-personal";

/** Marks a schema with what it holds of people. */
export function mark<S extends z.ZodType>(schema: S, personal: Personal): S {
  return schema.meta({ [PERSONAL]: personal });
}

/** A field of an event's data that holds something of people. */
export interface PersonalField {
  /** The names that lead to it; `*` for every item of a list. */
  readonly path: readonly string[];
  readonly mark: Personal;
  readonly isOptional: boolean;
}

/** Lists the fields of a schema that hold something of people. */
export function listPersonalFields(schema: z.ZodType): readonly PersonalField[] {
  const fields: PersonalField[] = [];
  for (const { path, schema: each, isOptional } of walkSchema(schema)) {
    const personal = each.meta()?.[PERSONAL];
    if (personal !== undefined) fields.push({ path, mark: personal as Personal, isOptional });
  }
  return fields;
}

/** A schema within another, and where. */
interface Nested {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly isOptional: boolean;
}

/** Walks through a schema and all that is in it. */
export function* walkSchema(
  schema: z.ZodType,
  path: readonly string[] = [],
  isOptional = false,
): Generator<Nested, void> {
  if (schema instanceof z.ZodOptional) {
    return yield* walkSchema(schema.unwrap() as z.ZodType, path, true);
  }
  if (schema instanceof z.ZodNullable) {
    return yield* walkSchema(schema.unwrap() as z.ZodType, path, isOptional);
  }
  yield { path, schema, isOptional };
  if (schema instanceof z.ZodArray) yield* walkSchema(schema.element as z.ZodType, [...path, "*"]);
  if (!(schema instanceof z.ZodObject)) return;
  for (const [name, inner] of Object.entries(schema.shape)) {
    yield* walkSchema(inner as z.ZodType, [...path, name]);
  }
}
