import { describe, it } from "vitest";
import { z } from "zod";

import type { CatalogueType } from "../../src/event/catalogue.ts";
import { Envelope } from "../../src/event/event.ts";
import { findDataSchema, EVENT_TYPES, makeEventSchema } from "../../src/event/schemas.ts";
import { numbered, samples } from "../support/samples.ts";

/** The published JSON Schema, read back as a schema by the rules of JSON Schema alone. */
function published(type: CatalogueType): z.ZodType {
  const schema = makeEventSchema(type);
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}

/** The sample of a type as an event, with `change` made to it. */
function event(type: CatalogueType, change: Record<string, unknown> = {}): unknown {
  const plain = JSON.parse(numbered(samples[type], 7).text) as Record<string, unknown>;
  return { ...plain, ...change };
}

describe.for(EVENT_TYPES)("the schema of %s", (type) => {
  const schema = published(type);
  const required = Object.entries(samples[type].data).filter(([field]) => {
    const { [field]: _gone, ...rest } = samples[type].data as Record<string, unknown>;
    return !findDataSchema(type).safeParse(rest).success;
  });

  it("takes its sample, as the log writes it", ({ expect }) => {
    expect(schema.safeParse(event(type)).error).toBeUndefined();
    expect(findDataSchema(type).safeParse(samples[type].data).error).toBeUndefined();
    expect(Envelope.safeParse(event(type)).error).toBeUndefined();
  });

  it("takes fields it has never heard of: types grow", ({ expect }) => {
    const data = { ...samples[type].data, fromTheFuture: { a: 1 } };
    expect(schema.safeParse(event(type, { data, dataschema: "x" })).error).toBeUndefined();
  });

  it("refuses the event of another type, and no data at all", ({ expect }) => {
    expect(schema.safeParse(event(type, { type: "custom.other" })).success).toBe(false);
    expect(schema.safeParse(event(type, { data: null })).success).toBe(false);
    expect(schema.safeParse(event(type, { data: [] })).success).toBe(false);
  });

  it("refuses data in which any one field is missing or is something else", ({ expect }) => {
    for (const [field] of required) {
      const { [field]: _gone, ...data } = samples[type].data as Record<string, unknown>;
      expect(schema.safeParse(event(type, { data })).success, `${field} missing`).toBe(false);
    }
    const anything = ["payload", "value", "session"];
    for (const field of Object.keys(samples[type].data).filter(
      (each) => !anything.includes(each),
    )) {
      const data = { ...samples[type].data, [field]: [[null]] };
      expect(schema.safeParse(event(type, { data })).success, `${field} wrong`).toBe(false);
    }
  });

  it("says where it is to be found, and what its type means", ({ expect }) => {
    expect(makeEventSchema(type)).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: `/v1/schemas/${type}.json`,
      title: type,
      description: expect.stringMatching(/\.$/),
    });
  });
});

describe("a schema", () => {
  it("of a program's own data takes any object, and nothing else", ({ expect }) => {
    const schema = findDataSchema("custom.mine");
    expect([{}, { any: ["thing"] }].map((data) => schema.safeParse(data).success)).toEqual([
      true,
      true,
    ]);
    expect([[], "text", 1, null].map((data) => schema.safeParse(data).success)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it.for([
    ["time", "yesterday"],
    ["recordedtime", undefined],
    ["specversion", "0.3"],
    ["id", 7],
    ["test", false],
    ["sequence", 7],
  ] as const)("refuses an envelope with a wrong %s", ([attribute, value], { expect }) => {
    const wrong = event("chat.message", { [attribute]: value });
    expect(published("chat.message").safeParse(wrong).success).toBe(false);
  });

  it.for(["4.2", "-0.5", "0", "1000000000000000000000"])(
    "takes %s for an amount",
    (value, { expect }) => {
      const amount = { value, currency: "EUR", kind: "fiat" };
      expect(findDataSchema("chest.value.updated").safeParse({ amount }).success).toBe(true);
    },
  );

  it.for(["4,2", "1e3", ".5", "5.", "", "NaN"])("refuses %j for an amount", (value, { expect }) => {
    const amount = { value, currency: "EUR", kind: "fiat" };
    expect(findDataSchema("chest.value.updated").safeParse({ amount }).success).toBe(false);
  });
});
