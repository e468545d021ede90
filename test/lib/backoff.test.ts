import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  computeDoubling,
  computeFullJitter,
  OBJECT_CALLS,
  spreadWait,
} from "../../src/lib/backoff.ts";

const BOUNDS = { baseMs: 500, maxMs: 60_000 };
const JUST_UNDER_ONE = 1 - Number.EPSILON;

describe("full jitter", () => {
  it("never waits less than the base nor more than the cap", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.nat({ max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const wait = computeFullJitter(attempt, random, BOUNDS);
          expect(wait).toBeGreaterThanOrEqual(BOUNDS.baseMs);
          expect(wait).toBeLessThanOrEqual(BOUNDS.maxMs);
          expect(Number.isInteger(wait)).toBe(true);
        },
      ),
    );
  });

  it("doubles the longest wait with each attempt, up to the cap", ({ expect }) => {
    const longest = Array.from({ length: 9 }, (_, attempt) =>
      computeFullJitter(attempt, JUST_UNDER_ONE, BOUNDS),
    );
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it("may wait as short as the base at every attempt", ({ expect }) => {
    expect([0, 3, 50].map((attempt) => computeFullJitter(attempt, 0, BOUNDS))).toEqual([
      500, 500, 500,
    ]);
  });

  it("spreads a crowd evenly, from the first attempt on", ({ expect }) => {
    for (const attempt of [0, 1, 4]) {
      const [low = 0, middle = 0, high = 0] = [0, 0.5, JUST_UNDER_ONE].map((random) =>
        computeFullJitter(attempt, random, BOUNDS),
      );
      expect(middle).toBe((low + high) / 2);
      expect(low).toBeLessThan(high);
    }
  });
});

describe("a wait that doubles", () => {
  it("begins with the base and ends with the cap, however many failures there were", ({
    expect,
  }) => {
    const waits = [0, 1, 2, 6, 7, 50, 10_000].map((failures) => computeDoubling(failures, BOUNDS));
    expect(waits).toEqual([500, 1_000, 2_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it("is spread by up to a fifth to either side", ({ expect }) => {
    expect([0, 0.5, JUST_UNDER_ONE].map((random) => spreadWait(10_000, random))).toEqual([
      8_000, 10_000, 12_000,
    ]);
  });
});

it("an object of the relay's own is tried again soon at first, then twice a minute at least", ({
  expect,
}) => {
  const longest = [0, 1, 2, 4, 5, 1_000].map((attempt) =>
    computeFullJitter(attempt, JUST_UNDER_ONE, OBJECT_CALLS),
  );
  expect(longest).toEqual([1_000, 2_000, 4_000, 16_000, 30_000, 30_000]);
  expect(computeFullJitter(1_000, 0, OBJECT_CALLS)).toBe(500);
});
