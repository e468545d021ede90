import { describe, it } from "vitest";

import { computeWait, makePoint, type Figures } from "../../src/channel/metering.ts";

const NOTHING: Figures = {
  events: 0,
  delivered: 0,
  shed: 0,
  repeats: 0,
  sockets: 0,
  historyLagMs: 0,
  viewers: null,
  stoppedProviders: 0,
  rejected: 0,
  rowsWritten: 0,
};

describe("a point of metrics", () => {
  it("has what was counted since the last one, and the rest as it is", ({ expect }) => {
    const before = { ...NOTHING, events: 10, delivered: 20, shed: 1, repeats: 2, sockets: 9 };
    const now: Figures = {
      events: 15,
      delivered: 70,
      shed: 1,
      repeats: 3,
      sockets: 4,
      historyLagMs: 250,
      viewers: 1_000,
      stoppedProviders: 1,
      rejected: 3,
      rowsWritten: 40,
    };
    expect(makePoint(before, now)).toEqual([5, 50, 0, 1, 4, 250, 1_000, 1]);
  });

  it("says -1 where nobody knows how many watch", ({ expect }) => {
    expect(makePoint(NOTHING, NOTHING)[6]).toBe(-1);
  });

  it("is written at the end of a minute", ({ expect }) => {
    expect([60_000, 60_001, 119_999].map(computeWait)).toEqual([60_000, 59_999, 1]);
  });
});
