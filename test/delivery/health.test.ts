import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  noteFailure,
  noteSuccess,
  computeFailureRate,
  isBeyondHope,
  makeHealth,
  type Health,
} from "../../src/delivery/health.ts";

const START = 1_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 1_440 * MINUTE;

/** So many failures, one after each wait. */
function failed(health: Health, count: number, everyMs: number, from: number): [Health, number] {
  let [at, after] = [from, health];
  for (let index = 0; index < count; index++) {
    at += everyMs;
    after = noteFailure(after, at, 0.5);
  }
  return [after, at];
}

describe("health", () => {
  it("is no worse for a bad second, however many failures that holds", ({ expect }) => {
    const [health] = failed(makeHealth(START), 100, 10, START);
    expect(health.state).toBe("healthy");
  });

  it("is failing after failures over some seconds, with a first probe soon", ({ expect }) => {
    const [health, at] = failed(makeHealth(START), 5, 2 * SECOND, START);
    expect(health).toMatchObject({ state: "failing", failingSince: START + 2 * SECOND });
    expect(health.probeAt).toBe(at + 5 * SECOND);
  });

  it("stays well while one in two goes well", ({ expect }) => {
    let health = makeHealth(START);
    for (let index = 0; index < 200; index++) {
      const at = START + index * SECOND;
      health = index % 2 === 0 ? noteFailure(health, at, 0.5) : noteSuccess(health, at);
      expect(health.state).toBe("healthy");
    }
    expect(computeFailureRate(health, START + 200 * SECOND)).toBeCloseTo(0.5, 1);
  });

  it("is failing from the fifth failure in five seconds on, and not a moment before", ({
    expect,
  }) => {
    const [soon] = failed(makeHealth(START), 5, 1_249, START);
    expect(soon.state).toBe("healthy");
    const [health] = failed(makeHealth(START), 5, 1_250, START);
    expect(health.state).toBe("failing");
  });

  it("is failing once four in five of what is recent failed, and not before", ({ expect }) => {
    let health = makeHealth(START);
    for (const at of [START - 1, START]) health = noteSuccess(health, at);
    const states = Array.from({ length: 8 }, (_, index) => {
      health = noteFailure(health, START + (index + 1) * 1_200, 0.5);
      return health.state;
    });
    expect(states).toEqual([...Array<string>(7).fill("healthy"), "failing"]);
    expect(computeFailureRate(health, START + 9_600)).toBeCloseTo(0.8, 2);
  });

  it("says half where one in two failed, and nothing once that has faded", ({ expect }) => {
    const [once] = failed(noteSuccess(makeHealth(START), START), 1, 0, START);
    expect(computeFailureRate(once, START)).toBe(0.5);
    expect(computeFailureRate(once, START + 30 * MINUTE)).toBeCloseTo(0.5, 5);
    const [bad] = failed(makeHealth(START), 1, 0, START);
    expect(computeFailureRate(bad, START + 30 * MINUTE)).toBe(1);
    expect(computeFailureRate(bad, START + 40 * MINUTE)).toBe(0);
  });

  it.for([
    [0, 4],
    [0.5, 5],
    [1, 6],
  ] as const)("probes a fifth sooner or later by chance: %d", ([random, seconds], { expect }) => {
    const [almost, at] = failed(makeHealth(START), 4, 2 * SECOND, START);
    const health = noteFailure(almost, at + 2 * SECOND, random);
    expect(health.probeAt).toBe(at + 2 * SECOND + seconds * SECOND);
  });

  it("probes ever more rarely, up to five minutes", ({ expect }) => {
    let [health, at] = failed(makeHealth(START), 5, 2 * SECOND, START);
    const waits: number[] = [];
    for (let index = 0; index < 8; index++) {
      at = health.probeAt;
      health = noteFailure(health, at, 0.5);
      waits.push((health.probeAt - at) / SECOND);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it("is well again after one success, and what was before is forgotten", ({ expect }) => {
    const [health, at] = failed(makeHealth(START), 50, 2 * SECOND, START);
    const well = noteSuccess(health, at + SECOND);
    expect(well).toMatchObject({ state: "healthy", failingSince: null, failedAttempts: 0 });
    expect(computeFailureRate(well, at + SECOND)).toBe(0);
    expect(noteFailure(well, at + 2 * SECOND, 0.5).state).toBe("healthy");
  });

  it("is beyond hope after both days and attempts, and neither alone", ({ expect }) => {
    const [often, oftenAt] = failed(makeHealth(START), 1_000, MINUTE, START);
    expect(isBeyondHope(often, oftenAt)).toBe(false);
    const [rare, rareAt] = failed(makeHealth(START), 6, DAY, START);
    expect(isBeyondHope(rare, rareAt)).toBe(false);
    const [both, bothAt] = failed(makeHealth(START), 30, DAY / 4, START);
    expect(isBeyondHope(both, bothAt)).toBe(true);
    expect(isBeyondHope(noteSuccess(both, bothAt), bothAt)).toBe(false);
    const [fewer, fewerAt] = failed(makeHealth(START), 19, DAY / 2, START);
    expect(isBeyondHope(fewer, fewerAt)).toBe(false);
    expect(isBeyondHope(noteFailure(fewer, fewerAt, 0.5), fewerAt)).toBe(true);
  });

  it("stands any clock: rates are shares, counts count, and a probe is in the future", ({
    expect,
  }) => {
    const turn = fc.record({ ok: fc.boolean(), ms: fc.integer({ min: -DAY, max: DAY }) });
    fc.assert(
      fc.property(
        fc.array(turn, { maxLength: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (turns, random) => {
          let [at, health] = [START + 1_000 * DAY, makeHealth(START)];
          for (const { ok, ms } of turns) {
            at += ms;
            health = ok ? noteSuccess(health, at) : noteFailure(health, at, random);
            const rate = computeFailureRate(health, at);
            expect(rate >= 0 && rate <= 1).toBe(true);
            if (ok) expect([health.state, health.failedAttempts]).toEqual(["healthy", 0]);
            else if (health.state === "failing") expect(health.probeAt).toBeGreaterThan(at);
          }
        },
      ),
    );
  });
});
