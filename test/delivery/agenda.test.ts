import * as fc from "fast-check";
import { describe, it } from "vitest";

import { nextStep, type Dues, type Load, type Pace } from "../../src/delivery/agenda.ts";
import { newHealth } from "../../src/delivery/health.ts";
import type { EndpointState } from "../../src/delivery/settle.ts";

const NOW = 1_000_000;
const well: EndpointState = {
  enabled: true,
  health: newHealth(0),
  pausedUntil: 0,
  mayPassOver: true,
};
const failing: EndpointState = {
  ...well,
  health: { ...newHealth(0), state: "failing", probeAt: NOW - 1 },
};
const NOTHING: Dues = { urgent: null, live: null, recovery: null };
const IDLE: Load = { urgent: 0, live: 0, recovery: 0 };
const FAST: Pace = { slotAt: 0, recoverySlotAt: 0, atOnce: 5 };

const send = (lane: "urgent" | "live" | "recovery", isProbe = false) => ({
  type: "send",
  lane,
  isProbe,
});
const wait = (until: number | null) => ({ type: "wait", until });

describe("what is next", () => {
  it.for([
    ["nothing, where nothing waits", well, NOTHING, IDLE, FAST, wait(null)],
    ["what is due", well, { ...NOTHING, live: NOW }, IDLE, FAST, send("live")],
    ["to wait for what is not due", well, { ...NOTHING, live: NOW + 5 }, IDLE, FAST, wait(NOW + 5)],
    [
      "what is urgent before the rest",
      well,
      { urgent: NOW, live: NOW - 9, recovery: NOW - 9 },
      IDLE,
      FAST,
      send("urgent"),
    ],
    [
      "what is live before what is recovered",
      well,
      { ...NOTHING, live: NOW, recovery: NOW - 9 },
      IDLE,
      FAST,
      send("live"),
    ],
    [
      "what is recovered while the live waits for its retry",
      well,
      { ...NOTHING, live: NOW + 9, recovery: NOW },
      IDLE,
      FAST,
      send("recovery"),
    ],
    [
      "nothing recovered while live ones wait for their turn",
      well,
      { ...NOTHING, live: NOW, recovery: NOW },
      { ...IDLE, live: 5 },
      FAST,
      wait(null),
    ],
    [
      "nothing recovered beside the one delivery of an ordered queue",
      well,
      { ...NOTHING, recovery: NOW },
      { ...IDLE, live: 1 },
      { ...FAST, atOnce: 1 },
      wait(null),
    ],
    [
      "nothing live beside what an ordered queue recovers",
      well,
      { ...NOTHING, live: NOW },
      { ...IDLE, recovery: 1 },
      { ...FAST, atOnce: 1 },
      wait(null),
    ],
    [
      "to wait for the endpoint's rate",
      well,
      { ...NOTHING, live: NOW },
      IDLE,
      { ...FAST, slotAt: NOW + 40 },
      wait(NOW + 40),
    ],
    [
      "to wait as long as the endpoint asked",
      { ...well, pausedUntil: NOW + 60 },
      { ...NOTHING, live: NOW },
      IDLE,
      FAST,
      wait(NOW + 60),
    ],
    [
      "a single probe to a failing endpoint",
      failing,
      { ...NOTHING, live: NOW },
      IDLE,
      FAST,
      send("live", true),
    ],
    [
      "nothing more while the probe is under way",
      failing,
      { ...NOTHING, live: NOW },
      { ...IDLE, live: 1 },
      FAST,
      wait(null),
    ],
    [
      "nothing to a disabled endpoint, not by the clock either",
      { ...well, enabled: false },
      { urgent: NOW, live: NOW, recovery: NOW },
      IDLE,
      FAST,
      wait(null),
    ],
  ] as const)("is %s", ([, endpoint, dues, load, pace, expected], { expect }) => {
    expect(nextStep(endpoint, dues, load, pace, NOW)).toEqual(expected);
  });

  it("is never sent early, never to a disabled endpoint, and never waits for the past", ({
    expect,
  }) => {
    const at = fc.integer({ min: NOW - 100, max: NOW + 100 });
    const due = fc.option(at, { nil: null });
    const state = fc.record({
      enabled: fc.boolean(),
      isFailing: fc.boolean(),
      probeAt: at,
      pausedUntil: at,
      dues: fc.record({ urgent: due, live: due, recovery: due }),
      load: fc.record({ urgent: fc.nat(1), live: fc.nat(5), recovery: fc.nat(1) }),
      slotAt: at,
    });
    fc.assert(
      fc.property(state, ({ enabled, isFailing, probeAt, pausedUntil, dues, load, slotAt }) => {
        const health = {
          ...newHealth(0),
          state: isFailing ? "failing" : "healthy",
          probeAt,
        } as const;
        const endpoint = { ...well, enabled, health, pausedUntil };
        const step = nextStep(endpoint, dues, load, { ...FAST, slotAt }, NOW);
        if (step.type === "wait") {
          if (step.until !== null) expect(step.until).toBeGreaterThan(NOW);
          if (!enabled) expect(step.until).toBeNull();
          return;
        }
        expect(enabled).toBe(true);
        expect(dues[step.lane]).toBeLessThanOrEqual(NOW);
        if (step.lane === "urgent") return;
        expect(Math.max(pausedUntil, slotAt)).toBeLessThanOrEqual(NOW);
        if (isFailing) expect(load.live + load.recovery).toBe(0);
      }),
    );
  });
});
