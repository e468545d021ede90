import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  closesIn,
  GROUP_MAX_BYTES,
  GROUP_MAX_EVENTS,
  GROUP_MAX_MS,
  windowMs,
} from "../../src/channel/grouping.ts";
import { hasRoom, pressureOf } from "../../src/channel/pressure.ts";

const KIB = 1024;

describe("a group", () => {
  it("of an idle channel is closed at once", ({ expect }) => {
    for (const quietUntil of [0, 999, 1_000]) {
      expect(closesIn({ events: 1, bytes: 400, quietUntil }, 1_000)).toBe(0);
    }
  });

  it("gathers for as long as the one before it cost", ({ expect }) => {
    expect(closesIn({ events: 1, bytes: 400, quietUntil: 1_010 }, 1_000)).toBe(10);
    expect(closesIn({ events: 63, bytes: 32 * KIB - 1, quietUntil: 1_010 }, 1_004)).toBe(6);
  });

  it("is closed as soon as it is full, by count or by size", ({ expect }) => {
    expect(closesIn({ events: 64, bytes: 1, quietUntil: 1_010 }, 1_000)).toBe(0);
    expect(closesIn({ events: 1, bytes: 32 * KIB, quietUntil: 1_010 }, 1_000)).toBe(0);
    expect([GROUP_MAX_EVENTS, GROUP_MAX_BYTES]).toEqual([64, 32 * KIB]);
  });

  it("never waits longer than 25 ms, though the clock went back", ({ expect }) => {
    const gathering = fc.record({ events: fc.nat(), bytes: fc.nat(), quietUntil: fc.nat() });
    fc.assert(
      fc.property(gathering, fc.nat(), (each, now) => {
        const wait = closesIn(each, now);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(25);
      }),
    );
  });

  it("gathers longer the more sockets the last one went to, up to 25 ms", ({ expect }) => {
    const windows = [0, 100, 200, 300, 1_000, 100_000].map(windowMs);
    expect(windows).toEqual([15, 20, 25, 25, 25, 25]);
    expect(GROUP_MAX_MS).toBe(25);
  });
});

describe("the pressure on a socket", () => {
  it.for([
    [0, "none"],
    [64 * KIB, "none"],
    [64 * KIB + 1, "conflate"],
    [256 * KIB, "conflate"],
    [256 * KIB + 1, "shed"],
    [1024 * KIB, "shed"],
    [1024 * KIB + 1, "close"],
    [Number.MAX_SAFE_INTEGER, "close"],
  ] as const)("with %i bytes unread is: %s", ([bytes, pressure], { expect }) => {
    expect(pressureOf(bytes)).toBe(pressure);
  });

  it("leaves room for a page exactly while there is none", ({ expect }) => {
    for (const bytes of [0, 64 * KIB, 64 * KIB + 1, 1024 * KIB]) {
      expect(hasRoom(bytes)).toBe(pressureOf(bytes) === "none");
    }
  });
});
