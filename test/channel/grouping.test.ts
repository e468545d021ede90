import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  closeGroup,
  closesIn,
  GROUP_MAX_BYTES,
  GROUP_MAX_EVENTS,
  GROUP_MAX_MS,
  measureGroup,
  observeSending,
  NO_GROUP,
  SENDING_MAX_MS,
  computeWindowMs,
} from "../../src/channel/grouping.ts";
import { measurePressure, UNSENT_MAX } from "../../src/channel/pressure.ts";

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

  it("takes of what waits as much as fills it, in order, and the one that fills it whole", ({
    expect,
  }) => {
    const each = (events: number, bytes = 1) => ({ events, bytes });
    expect(measureGroup([])).toEqual({ count: 0, events: 0, bytes: 0 });
    expect(measureGroup([each(0), each(1)])).toEqual({ count: 2, events: 1, bytes: 2 });
    expect(measureGroup([each(63), each(9), each(1)])).toMatchObject({ count: 2, events: 72 });
    expect(measureGroup([each(64), each(1)])).toMatchObject({ count: 1 });
    expect(measureGroup([each(1, 32 * KIB), each(1)])).toMatchObject({ count: 1 });
    expect(measureGroup([each(1, 32 * KIB - 1), each(1), each(1)])).toMatchObject({ count: 2 });
    // One that is too large for any group is a group by itself.
    expect(measureGroup([each(900, 99 * KIB), each(0, 0)])).toMatchObject({ count: 1 });
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
    const windows = [0, 100, 200, 300, 1_000, 100_000].map(computeWindowMs);
    expect(windows).toEqual([15, 20, 25, 25, 25, 25]);
    expect(GROUP_MAX_MS).toBe(25);
  });
});

describe("what gathers while a group is sent", () => {
  const T0 = 1_000_000;
  const waits = { isSending: true, hasCome: true };
  const comes = { isSending: false, hasCome: true };

  it("waits until that one has left, looking again every other millisecond", ({ expect }) => {
    const last = closeGroup(0, T0);
    for (const now of [T0 + 15, T0 + 40, T0 + 99]) {
      const after = observeSending(last, { isSending: true, hasCome: false }, now);
      expect(closesIn({ events: 1, bytes: 400, ...after }, now)).toBe(2);
    }
  });

  it("waits a tenth of a second at most: one reader may be slow", ({ expect }) => {
    expect(SENDING_MAX_MS).toBe(100);
    const late = observeSending(closeGroup(0, T0), waits, T0 + SENDING_MAX_MS);
    expect(closesIn({ events: 1, bytes: 400, ...late }, T0 + SENDING_MAX_MS)).toBe(0);
  });

  it("is one group as long as it comes close together, for 25 ms at most", ({ expect }) => {
    let last = observeSending(closeGroup(0, T0), waits, T0 + 1);
    const closes: number[] = [];
    for (let now = T0 + 30; now <= T0 + 60; now += 1) {
      last = observeSending(last, comes, now);
      closes.push(closesIn({ events: 1, bytes: 400, ...last }, now));
    }
    expect(closes.slice(0, 23).every((wait) => wait === 2)).toBe(true);
    expect(closes.slice(25).every((wait) => wait === 0)).toBe(true);
  });

  it("is closed when nothing more comes", ({ expect }) => {
    const found = observeSending(closeGroup(0, T0), comes, T0 + 30);
    const then = observeSending(found, { isSending: false, hasCome: false }, T0 + 32);
    expect(closesIn({ events: 3, bytes: 400, ...then }, T0 + 32)).toBe(0);
  });

  it("gathers no shorter for being looked at, whatever was found", ({ expect }) => {
    const flags = fc.record({ isSending: fc.boolean(), hasCome: fc.boolean() });
    const looks = fc.array(fc.tuple(flags, fc.nat(40)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.nat(3_000), looks, (sockets, each) => {
        let last = closeGroup(sockets, T0);
        let now = T0;
        for (const [found, later] of each) {
          now += later;
          const before = last.quietUntil;
          last = observeSending(last, found, now);
          expect(last.quietUntil).toBeGreaterThanOrEqual(before);
        }
        expect(last.quietUntil).toBeGreaterThanOrEqual(T0 + computeWindowMs(sockets));
      }),
    );
  });

  it("is no wait at all on an idle channel", ({ expect }) => {
    for (const idle of [NO_GROUP, closeGroup(1_000, T0 - 60_000)]) {
      const last = observeSending(idle, comes, T0);
      expect(closesIn({ events: 1, bytes: 400, ...last }, T0)).toBe(0);
    }
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
    expect(measurePressure(bytes)).toBe(pressure);
  });

  it("is the same however much others have unread, up to half of what all may", ({ expect }) => {
    const others = { bytes: UNSENT_MAX / 2, sockets: 2_000 };
    for (const bytes of [0, 64 * KIB, 65 * KIB, 256 * KIB, 257 * KIB, 1024 * KIB, 1025 * KIB]) {
      expect(measurePressure(bytes, others)).toBe(measurePressure(bytes));
    }
  });

  it("is higher for the same bytes the nearer all are to their bound, and none for who reads", ({
    expect,
  }) => {
    const near = (part: number) => ({ bytes: UNSENT_MAX * part, sockets: 2_000 });
    const pressures = [0.5, 0.7, 0.8, 0.95, 1, 2].map((part) =>
      measurePressure(300 * KIB, near(part)),
    );
    expect(pressures).toEqual(["shed", "shed", "shed", "close", "close", "close"]);
    expect(measurePressure(0, near(2))).toBe("none");
    expect(measurePressure(1 * KIB, near(2))).toBe("none");
    // A few have their megabyte, whatever they are of the bound.
    expect(measurePressure(1024 * KIB, { bytes: 40 * 1024 * KIB, sockets: 40 })).toBe("shed");
  });

  it("leaves nobody more than all may have together, however many there are", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 32_768 }),
        fc.integer({ min: 0, max: 4 * 1024 * KIB }),
        (sockets, bytes) => {
          const all = { bytes: sockets * bytes, sockets };
          // All alike: whoever stays is no more than the bound together.
          if (measurePressure(bytes, all) !== "close") {
            expect(all.bytes).toBeLessThanOrEqual(UNSENT_MAX);
          }
        },
      ),
    );
  });
});
