import { describe, it } from "vitest";

import { isWanted, LINGER_MS } from "../../src/channel/demand.ts";

const NOW = 1_000_000_000;
const AGO = (ms: number): { listeners: number; lastLeftAt: number } => ({
  listeners: 0,
  lastLeftAt: NOW - ms,
});

describe("a link", () => {
  it("that is always wanted is, whether anybody listens or not", ({ expect }) => {
    expect(isWanted("always", { listeners: 0, lastLeftAt: null }, NOW)).toBe(true);
    expect(isWanted("always", AGO(10 * LINGER_MS), NOW)).toBe(true);
  });

  it("on demand is wanted from the first listener on", ({ expect }) => {
    expect(isWanted("on_demand", { listeners: 0, lastLeftAt: null }, NOW)).toBe(false);
    expect(isWanted("on_demand", { listeners: 0, lastLeftAt: null }, 0)).toBe(false);
    expect(isWanted("on_demand", { listeners: 1, lastLeftAt: null }, NOW)).toBe(true);
    expect(isWanted("on_demand", { listeners: 1, lastLeftAt: 0 }, NOW)).toBe(true);
  });

  it("on demand is wanted until five minutes after the last one left", ({ expect }) => {
    expect(LINGER_MS).toBe(5 * 60_000);
    const wanted = [0, LINGER_MS - 1, LINGER_MS, LINGER_MS + 1].map((ms) =>
      isWanted("on_demand", AGO(ms), NOW),
    );
    expect(wanted).toEqual([true, true, false, false]);
  });
});
