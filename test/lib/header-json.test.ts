import * as fc from "fast-check";
import { it } from "vitest";

import { decodeHeaderJson, encodeHeaderJson } from "../../src/lib/header-json.ts";

it("what is put in a header is read from it again, whatever characters are in it", ({ expect }) => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const headers = new Headers({ "x-test": encodeHeaderJson(value) });
      expect(decodeHeaderJson(headers.get("x-test"))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(encodeHeaderJson({ name: "Ω\r\nx: y" })).toMatch(/^[\x21-\x7e]+$/);
});

it("half a character in a header is no error", ({ expect }) => {
  expect(decodeHeaderJson(encodeHeaderJson("a\ud800"))).toBe("a\ud800");
  expect(decodeHeaderJson(null)).toBeNull();
});
