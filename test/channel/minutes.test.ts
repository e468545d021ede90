import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  addCounted,
  beginMinute,
  countEvents,
  joinMinutes,
  MINUTE_MS,
  NOTHING_COUNTED,
  subtract,
  type CountedEvent,
  type Minute,
} from "../../src/channel/minutes.ts";

const GAUGES = { viewers: 7, sockets: 2, historyLagMs: 0 };

function event(seq: number, provider: string, delayMs: number | null): CountedEvent {
  const recordedAt = 1_000_000;
  return { seq, provider, recordedAt, happenedAt: delayMs === null ? null : recordedAt - delayMs };
}

function minuteOf(at: number, events: readonly CountedEvent[]): Minute {
  return countEvents(beginMinute(at), events);
}

const Delay = fc.oneof(fc.nat(5_000), fc.nat(2_000_000_000));

/** By nearest rank, of the delays as they are. */
function rankOf(delays: readonly number[], share: number): number {
  const sorted = delays.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
}

describe("a channel's minute", () => {
  it("counts events by who told of them, and those that tell a time by how late they were", ({
    expect,
  }) => {
    const minute = minuteOf(0, [event(1, "api", null), event(2, "dlive", 100)]);
    const [step] = joinMinutes([countEvents(minute, [event(3, "dlive", 100)])], MINUTE_MS);
    const delayMs = { p50: 100, p95: 100 };
    const near = (ms: number): number => Math.round(ms / 20) * 20;
    const p50 = near(step?.byProvider["dlive"]?.delayMs?.p50 ?? 0);
    expect([step?.events, step?.byProvider["api"]]).toEqual([3, { events: 1, delayMs: null }]);
    expect({ events: step?.byProvider["dlive"]?.events, p50 }).toEqual({
      events: 2,
      p50: delayMs.p50,
    });
  });

  it("tells a delay to a tenth, however many there are", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(Delay, { minLength: 1, maxLength: 200 }), (delays) => {
        const minute = minuteOf(
          0,
          delays.map((ms, index) => ({
            seq: index + 1,
            provider: "dlive",
            recordedAt: 3e9,
            happenedAt: 3e9 - ms,
          })),
        );
        const told = joinMinutes([minute], MINUTE_MS)[0]?.delayMs;
        for (const [share, ms] of [
          [0.5, told?.p50 ?? -1],
          [0.95, told?.p95 ?? -1],
        ] as const) {
          const right = rankOf(delays, share);
          expect(Math.abs(ms - right)).toBeLessThanOrEqual(Math.max(1, right / 10));
        }
      }),
    );
  });

  it("tells each short delay to a tenth, or a millisecond", ({ expect }) => {
    const wrong = Array.from({ length: 3_000 }, (_, ms) => ms).filter((ms) => {
      const told = joinMinutes([minuteOf(0, [event(1, "dlive", ms)])], MINUTE_MS)[0]?.delayMs?.p50;
      return Math.abs((told ?? -1) - ms) > Math.max(1, ms / 10);
    });
    expect(wrong).toEqual([]);
  });

  it("takes a clock that is ahead for no delay", ({ expect }) => {
    const [step] = joinMinutes([minuteOf(0, [event(1, "dlive", -5_000)])], MINUTE_MS);
    expect(step?.delayMs).toEqual({ p50: 0, p95: 0 });
  });

  it("is as small whether it has a hundred events or a hundred thousand", ({ expect }) => {
    const events = Array.from({ length: 100_000 }, (_, index) => event(index, "dlive", index * 20));
    expect(JSON.stringify(minuteOf(0, events)).length).toBeLessThan(2_000);
  });

  it("has how things were when it was last added to", ({ expect }) => {
    const counted = { ...NOTHING_COUNTED, delivered: 4, shed: 1 };
    const once = addCounted(beginMinute(0), counted, { ...GAUGES, viewers: 3 });
    expect(addCounted(once, counted, GAUGES)).toMatchObject({ delivered: 8, shed: 2, ...GAUGES });
  });

  it("takes a count that is less than before for one that began anew", ({ expect }) => {
    const before = { ...NOTHING_COUNTED, delivered: 10, shed: 3 };
    expect(subtract({ ...NOTHING_COUNTED, delivered: 4, shed: 5 }, before)).toEqual({
      ...NOTHING_COUNTED,
      delivered: 4,
      shed: 2,
    });
  });
});

describe("minutes joined to steps", () => {
  it("lose nothing and double nothing, whatever the step", ({ expect }) => {
    const Minutes = fc.uniqueArray(fc.nat(1_439), { maxLength: 60 });
    fc.assert(
      fc.property(Minutes, fc.integer({ min: 1, max: 1_440 }), (numbers, step) => {
        const minutes = numbers
          .toSorted((a, b) => a - b)
          .map((number) => {
            const events = [event(number, "api", 5), event(number, "dlive", null)];
            const counted = { ...NOTHING_COUNTED, delivered: number };
            return addCounted(minuteOf(number * MINUTE_MS, events), counted, GAUGES);
          });
        const steps = joinMinutes(minutes, step * MINUTE_MS);
        const all = (count: (one: (typeof steps)[number]) => number): number =>
          steps.reduce((sum, one) => sum + count(one), 0);
        expect(all(({ events }) => events)).toBe(2 * numbers.length);
        expect(all(({ byProvider }) => byProvider["api"]?.events ?? 0)).toBe(numbers.length);
        expect(all(({ delivered }) => delivered)).toBe(numbers.reduce((a, b) => a + b, 0));
        expect(steps.map(({ at }) => at % (step * MINUTE_MS))).toEqual(steps.map(() => 0));
      }),
    );
  });

  it("have how things were in the last of them", ({ expect }) => {
    const first = addCounted(beginMinute(0), NOTHING_COUNTED, { ...GAUGES, viewers: 1 });
    const last = addCounted(beginMinute(MINUTE_MS), NOTHING_COUNTED, { ...GAUGES, viewers: 2 });
    expect(joinMinutes([first, last], 2 * MINUTE_MS)).toMatchObject([{ at: 0, viewers: 2 }]);
  });
});
