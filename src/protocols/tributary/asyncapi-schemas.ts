import { z } from "zod";

import { lookUp } from "../../lib/json.ts";

/** Schemas by their names in the document. */
export type Named = Readonly<Record<string, z.ZodType>>;

const REF = "#/components/schemas/";

/** The schemas of the AsyncAPI document, each with a name. */
interface SchemaParts {
  readonly frames: Named;
  /** The types of events. */
  readonly events: Named;
  /** The parts that events share: each is described once, and referred to. */
  readonly shapes: Named;
  /** The words on a type of events. */
  readonly about: Readonly<Record<string, string>>;
  /** Any event, in a frame: described as one of the types. */
  readonly event: z.ZodType;
}

/** Makes the document's schemas: JSON Schema of draft 7, which is the one of AsyncAPI itself. */
export function makeSchemas({ frames, events, shapes, about, event }: SchemaParts): object {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries({ ...frames, ...shapes, ...events })) {
    registry.add(schema, { id: name });
  }
  const { schemas } = z.toJSONSchema(registry, {
    target: "draft-7",
    io: "input",
    uri: (id) => REF + id,
    override({ zodSchema, jsonSchema }) {
      if ((zodSchema as unknown) !== event) return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      jsonSchema.anyOf = Object.keys(events).map((type) => ({ $ref: REF + type }));
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $id: _id, $schema: _dialect, ...schema }]) => {
      const description = lookUp(about, name);
      return [name, { ...schema, ...(description !== undefined && { description }) }];
    }),
  );
}

/** A schema that stands by itself in the document. */
export function toSchema(schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
  });
  return rest;
}
