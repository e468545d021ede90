import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  beginDial,
  DialState,
  noteFailed,
  noteHungUp,
  IDLE,
  noteOpened,
  releaseDial,
} from "../../src/channel/redial.ts";
import type { LinkFailure } from "../../src/event/link-failure.ts";
import { dialFails, LATEST, RENEW, RETRY, SLOW, STOP } from "./support/dials.ts";

const MINUTE = 60_000;

/** What is waited after each of so many faults in a row. */
function waits(fault: LinkFailure, count: number, random: number): (number | null)[] {
  const all: (number | null)[] = [];
  let state = IDLE;
  for (let i = 0; i < count; i++) {
    state = dialFails(state, fault, 0, { random });
    all.push(state.dueAt);
  }
  return all;
}

describe("a link that failed", () => {
  it("is dialled again later and later, within a minute at most", ({ expect }) => {
    const latest = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000];
    expect(waits(RETRY, 9, LATEST)).toEqual(latest);
    expect(waits(RETRY, 9, 0)).toEqual(latest.map(() => 500));
  });

  it("is dialled at a time that chance spreads between half a second and a minute", ({
    expect,
  }) => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(random, { minLength: 1, maxLength: 20 }), (chances) => {
        let state = IDLE;
        for (const chance of chances) {
          const at = state.dueAt ?? 0;
          state = dialFails(state, RETRY, at, { random: chance });
          const wait = (state.dueAt ?? 0) - at;
          expect(wait).toBeGreaterThanOrEqual(500);
          expect(wait).toBeLessThanOrEqual(MINUTE);
        }
        expect(state).toMatchObject({ phase: "waiting", attempts: chances.length });
      }),
    );
  });

  it("says why it waits", ({ expect }) => {
    const state = dialFails(IDLE, RETRY, 7);
    expect(state).toMatchObject({ reason: "socket_closed", detail: "It closed.", since: 7 });
  });

  it("comes back by a slow ladder from an answer of capacity or rate", ({ expect }) => {
    expect(waits(SLOW, 6, LATEST)).toEqual([2_000, 30_000, 60_000, 300_000, 300_000, 300_000]);
  });

  it("goes on where it was on the ladder, though other faults come between", ({ expect }) => {
    let state = dialFails(IDLE, SLOW);
    state = dialFails(state, RETRY);
    expect(dialFails(state, SLOW)).toMatchObject({ dueAt: 30_000, slow: 2, attempts: 3 });
  });

  it("stays away as long as the provider asked, but no longer than a day", ({ expect }) => {
    const ask = (retryAfterMs: number, fault = SLOW): number | null =>
      dialFails(IDLE, { ...fault, retryAfterMs }, 1_000).dueAt;
    expect(ask(90_000)).toBe(91_000);
    expect(ask(90_000, RETRY)).toBe(91_000);
    expect(ask(1)).toBe(3_000);
    expect(ask(-5)).toBe(3_000);
    expect(ask(30 * 86_400_000)).toBe(86_401_000);
  });

  it("stops where only a person can mend it, and says what is to be mended", ({ expect }) => {
    expect(dialFails(IDLE, STOP, 9)).toEqual({
      ...IDLE,
      phase: "stopped",
      since: 9,
      reason: "address_unknown",
      detail: "Not there.",
    });
  });
});

describe("a link that is open", () => {
  it("is a good one after a minute: its next fault starts anew", ({ expect }) => {
    const flapping = dialFails(dialFails(dialFails(IDLE, SLOW), RETRY), RETRY);
    const fails = (afterMs: number, fault: LinkFailure): DialState =>
      noteFailed(noteOpened(beginDial(flapping, 0), 0), fault, {
        at: afterMs,
        random: LATEST,
        renewable: false,
      });
    expect(fails(MINUTE, RETRY)).toMatchObject({ attempts: 1, slow: 0, dueAt: MINUTE + 1_000 });
    expect(fails(MINUTE, SLOW)).toMatchObject({ slow: 1, dueAt: MINUTE + 2_000 });
    expect(fails(MINUTE - 1, RETRY)).toMatchObject({
      attempts: 4,
      slow: 1,
      dueAt: MINUTE - 1 + 8_000,
    });
  });

  it("is not a good one for having been dialled for long", ({ expect }) => {
    const slow = beginDial(dialFails(IDLE, RETRY), 0);
    expect(noteFailed(slow, RETRY, { at: 5 * MINUTE, random: 0, renewable: false }).attempts).toBe(
      2,
    );
  });

  it("has nothing to say of what was wrong before", ({ expect }) => {
    const state = noteOpened(beginDial(dialFails(IDLE, SLOW), 0), 5);
    expect(state).toMatchObject({
      phase: "open",
      since: 5,
      reason: null,
      detail: null,
      dueAt: null,
    });
  });
});

describe("a link that somebody", () => {
  const stuck = { ...dialFails(dialFails(IDLE, SLOW), RENEW, 0), renewed: true };

  it("releases is dialled at once, whatever stood in the way, with all its chances", ({
    expect,
  }) => {
    expect(releaseDial(stuck, 70)).toEqual({ ...IDLE, phase: "waiting", dueAt: 70, since: 70 });
    expect(dialFails(releaseDial(stuck, 70), RENEW, 70, { renewable: true }).phase).toBe("waiting");
  });

  it("hangs up is idle, says why, and remembers how it fared", ({ expect }) => {
    const state = noteHungUp({ ...dialFails(IDLE, SLOW), renewed: true }, 70, "on_demand");
    expect(state).toMatchObject({ phase: "idle", dueAt: null, reason: "on_demand", detail: null });
    expect(state).toMatchObject({ slow: 1, attempts: 1, renewed: false });
  });
});

it("the state of a link is read back from what it is kept as", ({ expect }) => {
  const states = [
    IDLE,
    beginDial(IDLE, 1),
    noteOpened(IDLE, 2),
    dialFails(IDLE, SLOW),
    dialFails(IDLE, STOP),
  ];
  expect(states.map((state) => DialState.parse(JSON.parse(JSON.stringify(state))))).toEqual(states);
});
