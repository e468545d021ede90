import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  countAtOnce,
  chooseNextStep,
  type Dues,
  type Load,
  type Pace,
} from "../../src/delivery/agenda.ts";
import { makeHealth } from "../../src/delivery/health.ts";
import type { EndpointState } from "../../src/delivery/settle.ts";

const NOW = 1_000_000;
const well: EndpointState = {
  enabled: true,
  health: makeHealth(0),
  pausedUntil: 0,
  mayPassOver: true,
};
const failing: EndpointState = {
  ...well,
  health: { ...makeHealth(0), state: "failing", probeAt: NOW - 1 },
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
      "nothing urgent beside what is urgent and under way",
      well,
      { ...NOTHING, urgent: NOW },
      { ...IDLE, urgent: 1 },
      FAST,
      wait(null),
    ],
    [
      "what is urgent beside a full live lane",
      well,
      { ...NOTHING, urgent: NOW },
      { ...IDLE, live: 5, recovery: 1 },
      FAST,
      send("urgent"),
    ],
    [
      "what is urgent to a failing endpoint that asked for a pause, and as no probe",
      { ...failing, pausedUntil: NOW + 60 },
      { ...NOTHING, urgent: NOW },
      { ...IDLE, live: 1 },
      { ...FAST, slotAt: NOW + 40 },
      send("urgent"),
    ],
    [
      "to wait for what is urgent and not due",
      well,
      { ...NOTHING, urgent: NOW + 5 },
      IDLE,
      FAST,
      wait(NOW + 5),
    ],
    [
      "nothing recovered beside what is recovered and under way",
      well,
      { ...NOTHING, recovery: NOW },
      { ...IDLE, recovery: 1 },
      FAST,
      wait(null),
    ],
    [
      "to wait for the pace of a recovery",
      well,
      { ...NOTHING, recovery: NOW },
      IDLE,
      { ...FAST, recoverySlotAt: NOW + 30 },
      wait(NOW + 30),
    ],
    [
      "to wait for the next probe of a failing endpoint",
      { ...failing, health: { ...failing.health, probeAt: NOW + 70 } },
      { ...NOTHING, live: NOW, recovery: NOW },
      IDLE,
      FAST,
      wait(NOW + 70),
    ],
    [
      "to wait for the earliest of several times",
      well,
      { urgent: NOW + 9, live: NOW + 5, recovery: NOW + 7 },
      IDLE,
      FAST,
      wait(NOW + 5),
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
    expect(chooseNextStep(endpoint, dues, load, pace, NOW)).toEqual(expected);
  });

  const at = fc.integer({ min: NOW - 100, max: NOW + 100 });
  const due = fc.option(at, { nil: null });
  const situation = fc.record({
    enabled: fc.boolean(),
    isFailing: fc.boolean(),
    probeAt: at,
    pausedUntil: at,
    dues: fc.record({ urgent: due, live: due, recovery: due }),
    slotAt: at,
    recoverySlotAt: at,
    atOnce: fc.constantFrom(1, 5),
  });
  const underWay = fc.record({ urgent: fc.nat(1), live: fc.nat(5), recovery: fc.nat(1) });

  it("is never sent early, never to a disabled endpoint, and never waits for the past", ({
    expect,
  }) => {
    fc.assert(
      fc.property(situation, underWay, (given, load) => {
        const { enabled, isFailing, dues } = given;
        const step = chooseNextStep(endpointIn(given), dues, load, given, NOW);
        if (step.type === "wait") {
          if (step.until !== null) expect(step.until).toBeGreaterThan(NOW);
          if (!enabled) expect(step.until).toBeNull();
          return;
        }
        expect(enabled).toBe(true);
        expect(dues[step.lane]).toBeLessThanOrEqual(NOW);
        expect(step.isProbe).toBe(isFailing && step.lane !== "urgent");
        if (step.lane === "urgent") {
          expect(load.urgent).toBe(0);
          return;
        }
        expect(Math.max(given.pausedUntil, given.slotAt)).toBeLessThanOrEqual(NOW);
        if (isFailing) {
          expect(load.live + load.recovery).toBe(0);
          expect(given.probeAt).toBeLessThanOrEqual(NOW);
        } else if (step.lane === "recovery") {
          expect(given.recoverySlotAt).toBeLessThanOrEqual(NOW);
        }
      }),
    );
  });

  it("never takes more connections than there are, however much waits", ({ expect }) => {
    fc.assert(
      fc.property(situation, (given) => {
        const { isFailing, atOnce, dues } = given;
        const load = { ...IDLE };
        for (let begun = 0; begun < 20; begun++) {
          const step = chooseNextStep(endpointIn(given), dues, load, given, NOW);
          if (step.type === "wait") break;
          load[step.lane] += 1;
        }
        const most = isFailing || atOnce === 1 ? 1 : 5;
        expect(load.urgent).toBeLessThanOrEqual(1);
        expect(load.recovery).toBeLessThanOrEqual(1);
        expect(load.live + load.recovery).toBeLessThanOrEqual(most);
      }),
    );
  });
});

/** An endpoint that is well but for what is given. */
function endpointIn(given: {
  enabled: boolean;
  isFailing: boolean;
  probeAt: number;
  pausedUntil: number;
}): EndpointState {
  const { enabled, isFailing, probeAt, pausedUntil } = given;
  const health = { ...makeHealth(0), state: isFailing ? "failing" : "healthy", probeAt } as const;
  return { ...well, enabled, health, pausedUntil };
}

describe("what is under way at once in the live lane", () => {
  it("is five deliveries, and one where order is kept", ({ expect }) => {
    expect([countAtOnce("none"), countAtOnce("channel")]).toEqual([5, 1]);
  });
});
