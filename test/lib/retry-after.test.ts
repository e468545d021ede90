import { describe, it } from "vitest";

import { parseReset, parseRetryAfter } from "../../src/lib/retry-after.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");

describe("Retry-After", () => {
  it("is read in either form, as a wait from now", ({ expect }) => {
    expect(parseRetryAfter("0", NOW)).toBe(0);
    expect(parseRetryAfter(" 120 ", NOW)).toBe(120_000);
    expect(parseRetryAfter("Fri, 02 Jan 2026 03:05:05 GMT", NOW)).toBe(60_000);
    expect(parseRetryAfter("Fri, 02 Jan 2026 03:00:00 GMT", NOW)).toBe(0);
  });

  it.for([
    null,
    "",
    " ",
    "-1",
    "1.5",
    "1e3",
    "0x10",
    "Infinity",
    "NaN",
    "soon",
    "5 s",
    "9".repeat(16),
  ])("is none in %j", (header, { expect }) => {
    expect(parseRetryAfter(header, NOW)).toBeNull();
  });
});

describe("the end of a rate", () => {
  const NOW_S = NOW / 1_000;

  it.for([
    [String(NOW_S + 45), 45_000],
    [` ${NOW_S} `, 0],
    [String(NOW_S - 5), 0],
    // Of some it is a number of seconds: that is no time.
    ["45", null],
    ["soon", null],
    ["", null],
    [null, null],
  ] as const)("%j is a wait of %j", ([header, waitMs], { expect }) => {
    expect(parseReset(header, NOW)).toBe(waitMs);
  });
});
