import { describe, it } from "vitest";

import { parseRetryAfter } from "../../src/lib/retry-after.ts";

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
