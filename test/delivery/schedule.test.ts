import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  readRetryAfterMs,
  SCHEDULE_MS,
  waitAfter,
  computeInternalRetryMs,
} from "../../src/delivery/schedule.ts";
import { formatTime } from "../../src/lib/time.ts";

const HOUR = 3_600_000;
const random = fc.double({ min: 0, max: 0.999_999, noNaN: true });
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

describe("the schedule", () => {
  it("is that of Standard Webhooks: ten attempts in 75 h 35 min", ({ expect }) => {
    expect(SCHEDULE_MS).toHaveLength(10);
    const total = SCHEDULE_MS.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBe(75 * HOUR + 35 * 60_000 + 5_000);
  });

  it("keeps each wait within a fifth of its step, and each longer than the one before", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), random, random, (step, here, before) => {
        const wait = waitAfter(step, here) ?? Number.NaN;
        const base = SCHEDULE_MS[step] ?? Number.NaN;
        expect(Math.abs(wait - base)).toBeLessThanOrEqual(base / 5);
        // Neighbours of the upper end may overlap by their jitter.
        if (step < 6) expect(wait).toBeGreaterThan(waitAfter(step - 1, before) ?? Number.NaN);
      }),
    );
  });

  it("spreads a crowd: no two chances give the same long wait", ({ expect }) => {
    const waits = Array.from({ length: 1_000 }, (_, index) => waitAfter(4, index / 1_000));
    expect(new Set(waits).size).toBe(1_000);
  });

  it("has no wait after the last attempt", ({ expect }) => {
    expect([waitAfter(10, 0), waitAfter(11, 0.5)]).toEqual([null, null]);
  });
});

describe("the wait after our own trouble", () => {
  it("is between four seconds and an hour and a fifth, however often", ({ expect }) => {
    fc.assert(
      fc.property(fc.nat(1_000), random, (earlier, chance) => {
        const wait = computeInternalRetryMs(earlier, chance);
        expect(wait).toBeGreaterThanOrEqual(4_000);
        expect(wait).toBeLessThanOrEqual(1.2 * HOUR);
      }),
    );
  });
});

describe("Retry-After", () => {
  it("says the same in seconds and as a date", ({ expect }) => {
    fc.assert(
      fc.property(time, fc.integer({ min: 1, max: 86_400 }), (at, seconds) => {
        const now = Math.floor(at / 1_000) * 1_000;
        const date = new Date(now + seconds * 1_000).toUTCString();
        expect(readRetryAfterMs(date, now)).toBe(readRetryAfterMs(String(seconds), now));
        expect(readRetryAfterMs(date, now)).toBe(seconds * 1_000);
      }),
    );
  });

  it("is within a second and a day, or nothing, whatever it says", ({ expect }) => {
    const text = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.bigInt().map(String),
      time.map((at) => new Date(at).toUTCString()),
      time.map(formatTime),
    );
    fc.assert(
      fc.property(text, time, (header, now) => {
        const wait = readRetryAfterMs(header, now);
        if (wait === null) return;
        expect(wait).toBeGreaterThanOrEqual(1_000);
        expect(wait).toBeLessThanOrEqual(24 * HOUR);
      }),
    );
  });
});
