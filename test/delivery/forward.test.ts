import * as fc from "fast-check";
import { describe, it } from "vitest";

import { chooseForward, isBack, makeReady, MAX_DEFERRALS } from "../../src/delivery/forward.ts";
import { makeHealth, noteFailure, noteSuccess, type Health } from "../../src/delivery/health.ts";
import {
  settle,
  type Attempted,
  type DeliveryState,
  type EndpointState,
} from "../../src/delivery/settle.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** A delivery that would have been tried in an hour, and is tried now. */
const early: DeliveryState = {
  status: "pending",
  attempts: 4,
  step: 4,
  deferrals: 0,
  dueAt: NOW,
  plannedAt: NOW + HOUR,
};

const endpoint: EndpointState = {
  enabled: true,
  health: makeHealth(NOW),
  pausedUntil: 0,
  mayPassOver: true,
};

function tried(
  status: number,
  { retryAfter = null, ...change }: Partial<Attempted> & { retryAfter?: string | null } = {},
) {
  return settle({
    delivery: early,
    endpoint,
    outcome: { type: "answered", status, retryAfter },
    ordering: "none",
    isOnce: false,
    isMoved: false,
    now: NOW,
    random: 0.5,
    ...change,
  });
}

/** The health after so many failures, so far apart. */
function failing(count: number, everyMs: number): Health {
  let health = makeHealth(NOW);
  for (let index = 0; index < count; index++) {
    health = noteFailure(health, NOW + index * everyMs, 0.5);
  }
  return health;
}

describe("a delivery that is brought forward", () => {
  it.for(["none", "channel"] as const)(
    "loses nothing by failing: it is tried again when it would have been, ordering %s",
    (ordering, { expect }) => {
      const { delivery, why } = tried(500, { ordering });
      expect(delivery).toEqual({
        ...early,
        attempts: 5,
        deferrals: 1,
        dueAt: NOW + HOUR,
        plannedAt: null,
      });
      expect(why).toBe("schedule");
    },
  );

  it("is not tried again at once where its time was about to come", ({ expect }) => {
    const delivery = { ...early, plannedAt: NOW + 1 };
    expect(tried(500, { delivery }).delivery.dueAt).toBe(NOW + 5 * SECOND);
  });

  it("waits for as long as its endpoint asks it to, where that is longer", ({ expect }) => {
    const longer = tried(503, { retryAfter: "7200" });
    expect([longer.delivery.dueAt, longer.why]).toEqual([NOW + 2 * HOUR, "retry_after"]);
    const shorter = tried(503, { retryAfter: "60" });
    expect([shorter.delivery.dueAt, shorter.why]).toEqual([NOW + HOUR, "schedule"]);
  });

  it("is on its schedule again once its time has come", ({ expect }) => {
    const { delivery } = tried(500, { now: NOW + HOUR });
    expect(delivery).toMatchObject({ step: 5, deferrals: 0, plannedAt: null });
  });

  it("is so ten times, and goes on by its schedule after that", ({ expect }) => {
    const delivery = { ...early, deferrals: MAX_DEFERRALS };
    expect(tried(500, { delivery }).delivery).toMatchObject({ step: 5, deferrals: MAX_DEFERRALS });
  });

  it("is given up on as ever where it is refused", ({ expect }) => {
    expect(tried(400).delivery).toMatchObject({ status: "failed", attempts: 5 });
  });

  it("is never tried sooner or more often than its schedule allows, however often it is", ({
    expect,
  }) => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(HOUR), chance), { maxLength: 60 }), (tries) => {
        let delivery: DeliveryState = { ...early, attempts: 0, step: 0, plannedAt: null };
        let now = NOW;
        for (const [waited, random] of tries) {
          if (delivery.status !== "pending") break;
          now += waited;
          const plannedAt = Math.max(delivery.plannedAt ?? 0, delivery.dueAt);
          delivery = tried(500, {
            delivery: { ...delivery, dueAt: now, plannedAt },
            now,
            random,
          }).delivery;
        }
        expect(delivery.attempts).toBeLessThanOrEqual(10 + MAX_DEFERRALS);
      }),
    );
  });
});

describe("an endpoint", () => {
  it.for([
    ["it was failing and is probed", failing(8, SECOND), 10 * SECOND, true],
    ["nothing had gone well for a minute", failing(2, SECOND), 61 * SECOND, true],
    ["it has just had a bad moment", failing(20, 1), SECOND, false],
    ["a single delivery had failed", failing(1, 0), HOUR, false],
    ["it was well all along", noteSuccess(makeHealth(NOW), NOW), HOUR, false],
  ] as const)(
    "that takes a delivery when %s is back or is not",
    ([, health, after, back], { expect }) => {
      expect(isBack(health, NOW + after)).toBe(back);
      const before = { ...endpoint, health };
      expect(tried(204, { endpoint: before, now: NOW + after }).isBack).toBe(back);
      expect(tried(500, { endpoint: before, now: NOW + after }).isBack).toBe(false);
      expect(tried(204, { endpoint: before, now: NOW + after, isMoved: true }).isBack).toBe(false);
    },
  );

  it("that is back is sent what it did not itself ask to have later", ({ expect }) => {
    expect(chooseForward("well").isRetryAfterOverruled).toBe(false);
    expect(chooseForward("asked").isRetryAfterOverruled).toBe(true);
  });

  it("whose owner says that it is well is neither paused nor waited for", ({ expect }) => {
    const away = { ...endpoint, health: failing(8, SECOND), pausedUntil: NOW + HOUR };
    const ready = makeReady(away, NOW);
    expect(ready).toEqual({
      ...away,
      pausedUntil: 0,
      health: { ...away.health, probeAt: NOW },
    });
  });
});
