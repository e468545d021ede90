import * as fc from "fast-check";
import { describe, it } from "vitest";
import { z } from "zod";

import { omitUndefined } from "../../src/lib/given.ts";
import { decode, decodeJson, isRecord, parseJson } from "../../src/lib/json.ts";

const Shape = z.object({ user: z.object({ id: z.string() }), at: z.number() });

describe("text from outside", () => {
  it("is read, or said to be no JSON, and never throws", ({ expect }) => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseJson(text);
        if (!parsed.ok) expect(parsed.problem).toBe("not JSON");
        else expect(parsed.value).toEqual(JSON.parse(text));
      }),
    );
    expect(parseJson('{"a":')).toEqual({ ok: false, problem: "not JSON" });
  });

  it("is read as every JSON value it can be", ({ expect }) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it("is decoded by its schema, without what the schema does not know", ({ expect }) => {
    const decoded = decodeJson(Shape, '{"user":{"id":"7","x":1},"at":2}');
    expect(decoded).toEqual({ ok: true, value: { user: { id: "7" }, at: 2 } });
  });

  it("is refused with the first wrong field by its path", ({ expect }) => {
    const decoded = decode(Shape, { user: { id: 7 }, at: "2" });
    expect(decoded).toMatchObject({ ok: false, problem: expect.stringMatching(/^user\.id: \S/) });
  });

  it("is refused without a path where all of it is wrong", ({ expect }) => {
    const decoded = decode(Shape, null);
    expect(decoded).toMatchObject({ ok: false, problem: expect.stringMatching(/^Invalid/) });
    expect(decodeJson(Shape, "")).toEqual({ ok: false, problem: "not JSON" });
  });
});

it("only an object with keys is a record", ({ expect }) => {
  expect([{}, { a: 1 }].map(isRecord)).toEqual([true, true]);
  expect([null, undefined, [], "a", 1, isRecord].map(isRecord)).not.toContain(true);
});

it("what was not said is not there, and what was said to be null is", ({ expect }) => {
  const left = omitUndefined({ a: 1, b: undefined, c: null, d: 0, e: "", f: false });
  expect(Object.keys(left)).toEqual(["a", "c", "d", "e", "f"]);
});
