import { describe, it } from "vitest";

import { cutJson, findSame } from "../../src/console/state/json-parts.ts";

const read = (value: unknown) =>
  cutJson(value)
    .map(({ text }) => text)
    .join("");

describe("JSON in parts", () => {
  it("is the same text as the browser's own", ({ expect }) => {
    for (const value of [
      { a: [1, "two", null, true, [], {}], "b c": { d: { e: "f" } } },
      [],
      {},
      "text",
      null,
      [[["deep"]]],
    ])
      expect(read(value)).toBe(JSON.stringify(value, null, 2));
    expect(read({ gone: undefined, stays: 1 })).toBe('{\n  "stays": 1\n}');
  });

  it("says what stands in both: numbers by their digits, and times however they are written", ({
    expect,
  }) => {
    const ours = {
      time: "2026-11-29T01:00:00.000Z",
      data: { user: { id: "42", name: "Fern" }, message: { text: "hi there" }, first: true, n: 1 },
    };
    const theirs = {
      ts: 1_795_914_000,
      author: { number: 42, display: "Fern" },
      body: "hello",
      first: true,
      n: 1,
    };
    expect([...findSame(cutJson(ours), cutJson(theirs))]).toEqual([
      "time 1795914000000",
      "42",
      "Fern",
    ]);
    const nanos = { at: "1795914000000000000", ms: 1_795_914_000_000 };
    expect([...findSame(cutJson(ours), cutJson(nanos))]).toEqual(["time 1795914000000"]);
  });
});
