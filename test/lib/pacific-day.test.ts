import { describe, it } from "vitest";

import { findPacificDay } from "../../src/lib/pacific-day.ts";
import { formatTime, parseTime } from "../../src/lib/time.ts";

const day = (text: string) => {
  const { date, from, to } = findPacificDay(parseTime(text) ?? NaN);
  return [date, formatTime(from), formatTime(to)];
};

describe("a day in Pacific time", () => {
  it("begins at eight in the morning of UTC in winter, and at seven in summer", ({ expect }) => {
    expect(day("2026-01-15T07:59:59.999Z")[0]).toBe("2026-01-14");
    expect(day("2026-01-15T08:00:00Z")).toEqual([
      "2026-01-15",
      "2026-01-15T08:00:00.000Z",
      "2026-01-16T08:00:00.000Z",
    ]);
    expect(day("2026-07-15T06:59:59.999Z")[0]).toBe("2026-07-14");
    expect(day("2026-07-15T07:00:00Z")[0]).toBe("2026-07-15");
  });

  it("has 23 hours when summer time begins, and 25 when it ends", ({ expect }) => {
    expect(day("2026-03-08T20:00:00Z")).toEqual([
      "2026-03-08",
      "2026-03-08T08:00:00.000Z",
      "2026-03-09T07:00:00.000Z",
    ]);
    expect(day("2026-11-01T12:00:00Z")).toEqual([
      "2026-11-01",
      "2026-11-01T07:00:00.000Z",
      "2026-11-02T08:00:00.000Z",
    ]);
  });

  it("is the one that a calendar of time zones has, each hour of three years", ({ expect }) => {
    const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Los_Angeles" });
    const from = Date.parse("2025-01-01T00:00:00Z");
    for (let at = from; at < from + 3 * 366 * 86_400_000; at += 3_600_000) {
      const found = findPacificDay(at);
      expect(found.date).toBe(calendar.format(at));
      expect(found.from <= at && at < found.to).toBe(true);
    }
  });
});
