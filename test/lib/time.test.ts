import * as fc from "fast-check";
import { describe, it } from "vitest";

import { findDay, formatTime, isTime, parseTime } from "../../src/lib/time.ts";

const FIRST = -62_167_219_200_000;
const LAST = 253_402_300_799_999;

describe("a time", () => {
  it("is read back as it was written", ({ expect }) => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), (ms) => {
        const text = formatTime(ms);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(parseTime(text)).toBe(ms);
        expect(isTime(ms)).toBe(true);
      }),
    );
  });

  it("is of the day that begins at midnight in UTC", ({ expect }) => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), (ms) => {
        const day = formatTime(findDay(ms));
        expect(day).toBe(`${formatTime(ms).slice(0, 10)}T00:00:00.000Z`);
      }),
    );
  });

  it("has four digits for its year, or is none", ({ expect }) => {
    expect([formatTime(FIRST), formatTime(LAST)]).toEqual([
      "0000-01-01T00:00:00.000Z",
      "9999-12-31T23:59:59.999Z",
    ]);
    const none = [FIRST - 1, LAST + 1, 8.64e15, 1.6e18, NaN, Infinity, -Infinity];
    expect(none.filter(isTime)).toEqual([]);
    expect(() => formatTime(NaN)).toThrow(RangeError);
  });

  it.for([
    ["2026-11-21T01:17:00Z", "2026-11-21T01:17:00.000Z"],
    ["2026-11-21t01:17:00.5z", "2026-11-21T01:17:00.500Z"],
    ["2026-11-21 01:17:00Z", "2026-11-21T01:17:00.000Z"],
    ["2026-11-21T01:17:00+05:30", "2026-11-20T19:47:00.000Z"],
    ["2026-11-21T01:17:00-08:00", "2026-11-21T09:17:00.000Z"],
    ["2019-06-17T22:54:57.380375004Z", "2019-06-17T22:54:57.380Z"],
    ["2026-11-21T01:17:00.9999Z", "2026-11-21T01:17:00.999Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
  ] as const)("may be written %s", ([text, expected], { expect }) => {
    expect(formatTime(parseTime(text) ?? NaN)).toBe(expected);
  });

  it.for([
    "",
    "2026-11-21",
    "2026-11-21T01:17:00",
    "2026-11-21T01:17Z",
    "2026-11-21T01:17:00.Z",
    "2026-11-21T01:17:00+0530",
    "2026-11-21T01:17:00+25:00",
    "2026-11-21T24:00:00Z",
    "2026-11-21T01:60:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2026-04-31T00:00:00+02:00",
    "2026-11-00T00:00:00Z",
    "12026-11-21T01:17:00Z",
    "+002026-11-21T01:17:00Z",
    "0000-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    " 2026-11-21T01:17:00Z",
    "2026-11-21T01:17:00Z\n",
    "21 Nov 2026 01:17:00 GMT",
    "1763687820000",
  ])("is not %j", (text, { expect }) => {
    expect(parseTime(text)).toBeNull();
  });
});
