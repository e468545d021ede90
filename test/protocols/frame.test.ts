import { describe, it } from "vitest";
import { z } from "zod";

import { readFrame } from "../../src/protocols/frame.ts";

const nested = (depth: number, open: string, close: string) =>
  open.repeat(depth) + "1" + close.repeat(depth);

describe("a frame", () => {
  it("is read as its schema says", ({ expect }) => {
    const Schema = z.object({ type: z.string() });
    expect(readFrame(Schema, '{"type":"ka"}')).toEqual({ ok: true, value: { type: "ka" } });
    expect(readFrame(Schema, '{"type":')).toEqual({ ok: false, problem: "not JSON" });
    expect(readFrame(Schema, '{"type":7}')).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^type: /) as unknown,
    });
  });

  it.for([
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"a":[null,', "]}]"],
  ] as const)("is not read where it is nested too deeply: %s", ([open, close], { expect }) => {
    const levels = (open.match(/[[{]/g) ?? []).length;
    const most = Math.floor(64 / levels);
    expect(readFrame(z.unknown(), nested(most, open, close)).ok).toBe(true);
    for (const depth of [most + 1, 50_000]) {
      const problem = "nested too deeply";
      expect(readFrame(z.unknown(), nested(depth, open, close))).toEqual({ ok: false, problem });
    }
  });

  it("may be as wide as it likes", ({ expect }) => {
    const wide = JSON.stringify(Array.from({ length: 50_000 }, () => []));
    expect(readFrame(z.unknown(), wide).ok).toBe(true);
  });
});
