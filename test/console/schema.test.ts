import { describe, it } from "vitest";

import { fillFrom, listFields, makeData, type Schema } from "../../src/console/state/schema.ts";
import { catalogue, type CatalogueType } from "../../src/event/catalogue.ts";
import { EVENT_TYPES, makeEventSchema } from "../../src/event/schemas.ts";
import { samples } from "../support/samples.ts";

const types = EVENT_TYPES.filter((type): type is CatalogueType => type in samples);

describe("a form made of a type's schema", () => {
  it.for(types)(
    "of %s takes an event of it, and makes the same of it again",
    (type, { expect }) => {
      const schema = makeEventSchema(type) as Schema;
      const data = Object.entries(schema.properties ?? {}).find(([name]) => name === "data")?.[1];
      if (data === undefined) throw new Error(type);
      const fields = listFields(data, schema);
      const { data: sample } = samples[type];
      const made = makeData(fields, fillFrom(fields, sample));
      expect(made.wrong).toEqual([]);
      expect(catalogue[type].data.safeParse(made.data).error?.issues ?? []).toEqual([]);
      expect(made.data).toMatchObject(JSON.parse(JSON.stringify(made.data)) as object);
    },
  );

  it("says which field is none of its kind", ({ expect }) => {
    const schema: Schema = { properties: { count: { type: "integer" } }, required: ["count"] };
    const fields = listFields(schema, schema);
    expect(makeData(fields, new Map([["/count", "many"]])).wrong).toEqual(["/count"]);
    expect(makeData(fields, new Map([["/count", "3"]])).data).toEqual({ count: 3 });
  });
});
