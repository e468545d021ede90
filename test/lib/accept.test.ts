import * as fc from "fast-check";
import { describe, it } from "vitest";

import { chooseType } from "../../src/lib/accept.ts";

const OFFERED = ["application/json", "application/jsonl", "text/csv"] as const;

describe("the media type of an answer", () => {
  it.for([
    [undefined, "application/json"],
    ["", "application/json"],
    ["*/*", "application/json"],
    ["*", "application/json"],
    ["text/csv", "text/csv"],
    ["TEXT/CSV; charset=utf-8", "text/csv"],
    ["text/*", "text/csv"],
    ["application/*", "application/json"],
    ["text/csv, */*", "text/csv"],
    ["*/*, text/csv", "text/csv"],
    ["text/csv, application/json", "text/csv"],
    ["application/json, text/csv", "application/json"],
    ["text/csv;q=0.5, application/json", "application/json"],
    ["text/csv;q=0.9, application/json;q=0.8, */*;q=0.1", "text/csv"],
    ["application/json;q=0, */*", "application/jsonl"],
    ["application/*;q=0, text/*;q=0.1", "text/csv"],
    ["text/html, application/xhtml+xml, */*;q=0.8", "application/json"],
    ["text/csv;q=0", null],
    ["*/*;q=0", null],
    ["text/html", null],
    ["image/*, text/html;q=0.9", null],
    ["application/json;q=0, application/*", "application/jsonl"],
    ["nonsense", "application/json"],
    ["text/csv;q=2", "application/json"],
    [", ,text/csv", "text/csv"],
  ] as const)("of Accept: %s is %s", ([accept, type], { expect }) => {
    expect(chooseType(accept, OFFERED)).toBe(type);
  });

  it("is one of those offered or none, whatever the header is", ({ expect }) => {
    const parts = fc.constantFrom(
      "text/csv",
      "application/",
      "*",
      "/",
      ";q=",
      "0.1",
      ",",
      " ",
      "é",
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: parts })), (accept) => {
        expect([null, ...OFFERED]).toContain(chooseType(accept, OFFERED));
      }),
    );
  });
});
