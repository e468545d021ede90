import * as fc from "fast-check";
import { afterEach, beforeEach, describe, it, vi } from "vitest";

import { EVERYTHING, type Filter } from "../../../src/event/filter.ts";
import type { Group } from "../../../src/event/group.ts";
import type { Seq } from "../../../src/event/ids.ts";
import type { FollowerPort, LogSlice, Settle } from "../../../src/objects/channel/log-follower.ts";
import { LogFollowers } from "../../../src/objects/channel/log-followers.ts";
import type { LoggedEvent } from "../../../src/store/logged-event.ts";
import { EPOCH, numbered, said } from "../../support/samples.ts";

/*
 * Followers of a log that the test holds itself, on the clock of the test: what each is given, and
 * when.
 */

const groupOf = (from: Seq, to: Seq = from + 1, text = "hello"): Group => ({
  from,
  to,
  events: Array.from({ length: to - from }, (_, index) => {
    const seq = from + index + 1;
    return numbered(said(`m-${seq}`, text), seq);
  }),
});

/** A log of which everything can be read again, in short pages, and what was read of it. */
class Log {
  readonly followers: LogFollowers;
  readonly reads: Seq[] = [];
  /** Before this nothing is kept. */
  oldest = 0;
  #events: LoggedEvent[] = [];

  constructor() {
    this.followers = new LogFollowers({
      epoch: EPOCH,
      head: () => 0,
      reader: {
        resume: async ({ seq }) => ({ from: Math.max(seq, this.oldest), gap: null }),
        next: async (after, _filter: Filter, _raw, end) => {
          const upTo = end ?? 0;
          this.reads.push(after);
          const seenTo = Math.min(after + 7, upTo);
          const events = this.#events.slice(after, seenTo);
          return { events, from: after, seenTo, hasMore: seenTo < upTo };
        },
      },
    });
  }

  publish(group: Group): void {
    for (const { seq, event, text } of group.events) {
      const { type, provider, platform } = event;
      this.#events.push({ seq, type, provider, platform, text, raw: null });
    }
    this.followers.publish(group);
  }
}

/** What becomes of a call. */
type Fate = "taken" | "lost on the way" | "taken, and the answer lost";

/** An object that follows a log: it keeps its own place, and takes what begins there. */
class Taker implements FollowerPort {
  readonly name = "taker";
  isListening = true;
  gatherMs = 0;
  readonly query;
  readonly isAskedFirst: boolean;
  readonly fates: Fate[] = [];
  readonly slices: LogSlice[] = [];
  readonly seqs: Seq[] = [];
  at = 0;
  busy = 0;

  constructor(isAskedFirst = false, maxBytes = 64 * 1024) {
    this.isAskedFirst = isAskedFirst;
    this.query = {
      filter: EVERYTHING,
      hearsErasures: true,
      isRaw: false,
      maxEvents: 20,
      maxBytes,
    };
  }

  async give(slice: LogSlice): Promise<Settle> {
    if (this.busy > 0) throw new Error("there is another call under way");
    this.busy += 1;
    this.slices.push(slice);
    await Promise.resolve();
    this.busy -= 1;
    const fate = this.fates.shift() ?? "taken";
    if (fate === "lost on the way") throw new Error(fate);
    if (slice.from <= this.at && slice.to > this.at) {
      this.seqs.push(...slice.events.map(({ seq }) => seq).filter((seq) => seq > this.at));
      this.at = slice.to;
    }
    if (fate !== "taken") throw new Error(fate);
    const { at } = this;
    return () => at;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "error").mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a follower of the log", () => {
  it("is given what is published at once, and from memory", async ({ expect }) => {
    const log = new Log();
    const taker = new Taker();
    log.followers.add(taker, 0);
    log.publish(groupOf(0));
    // Not in the channel's own turn.
    expect(taker.slices).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    log.publish(groupOf(1, 4));
    await vi.advanceTimersByTimeAsync(0);
    expect(taker.slices.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 4],
    ]);
    expect(log.reads).toEqual([]);
  });

  it("has every event once and in order, whatever calls and answers are lost", async ({
    expect,
  }) => {
    const fates = fc.array(
      fc.constantFrom<Fate>("taken", "lost on the way", "taken, and the answer lost"),
      { maxLength: 12 },
    );
    const steps = fc.array(
      fc.record({
        events: fc.integer({ min: 1, max: 40 }),
        passes: fc.constantFrom(0, 300, 5_000),
        says: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fates, fc.boolean(), async (plan, lost, isAskedFirst) => {
        const log = new Log();
        const taker = new Taker(isAskedFirst);
        taker.fates.push(...lost);
        const follower = log.followers.add(taker, 0);
        let head = 0;
        for (const { events, passes, says } of plan) {
          log.publish(groupOf(head, (head += events)));
          await vi.advanceTimersByTimeAsync(passes);
          if (says) follower.moveTo(taker.at);
        }
        await vi.advanceTimersByTimeAsync(12 * 30_000);
        expect(taker.seqs).toEqual(Array.from({ length: head }, (_, index) => index + 1));
        expect(follower.cursor).toBe(head);
        expect(follower.isDue).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it("that is elsewhere moves the cursor, backwards and forwards", async ({ expect }) => {
    const log = new Log();
    const taker = new Taker();
    log.followers.add(taker, 0);
    log.publish(groupOf(0, 30));
    taker.at = 12;
    await vi.advanceTimersByTimeAsync(0);
    taker.at = 5;
    log.publish(groupOf(30, 31));
    await vi.advanceTimersByTimeAsync(0);
    expect(taker.seqs.slice(-26)).toEqual(Array.from({ length: 26 }, (_, index) => index + 6));
    expect(taker.at).toBe(31);
  });

  it("waits longer after each failure, and is given nothing more often meanwhile", async ({
    expect,
  }) => {
    const log = new Log();
    const taker = new Taker();
    taker.fates.push(...Array.from({ length: 600 }, (): Fate => "lost on the way"));
    log.followers.add(taker, 0);
    for (let second = 0; second < 600; second++) {
      log.publish(groupOf(second));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    // Twenty at least: none waits longer than half a minute. Each event would be six hundred.
    expect(taker.slices.length).toBeGreaterThanOrEqual(20);
    expect(taker.slices.length).toBeLessThanOrEqual(100);
  });

  it("waits longer also where it answers, but cannot take what there is", async ({ expect }) => {
    const log = new Log();
    const taker = new Taker(true);
    let calls = 0;
    taker.give = ({ from, to }) => {
      calls += 1;
      return to > from ? Promise.reject(new Error("too much")) : Promise.resolve(() => 0);
    };
    log.followers.add(taker, 0);
    log.publish(groupOf(0));
    await vi.advanceTimersByTimeAsync(600_000);
    // Each try is two calls: the shortest waits would be 1,200 tries.
    expect(calls).toBeGreaterThanOrEqual(2 * 20);
    expect(calls).toBeLessThanOrEqual(2 * 100);
  });

  it("that is away is asked where it is before it is sent anything again", async ({ expect }) => {
    const log = new Log();
    const taker = new Taker(true);
    taker.fates.push("taken, and the answer lost", "lost on the way");
    log.followers.add(taker, 0);
    log.publish(groupOf(0, 3));
    await vi.advanceTimersByTimeAsync(0);
    log.publish(groupOf(3, 5));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(taker.slices.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [5, 5],
      [5, 5],
      [3, 5],
    ]);
  });

  it("says where it is, and is given the rest at once, however long it was away", async ({
    expect,
  }) => {
    const log = new Log();
    const taker = new Taker(true);
    taker.fates.push(...Array.from({ length: 8 }, (): Fate => "lost on the way"));
    const follower = log.followers.add(taker, 0);
    log.publish(groupOf(0, 3));
    while (taker.fates.length > 0) await vi.advanceTimersByTimeAsync(1_000);
    expect(taker.at).toBe(0);
    follower.moveTo(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(taker.at).toBe(3);
  });

  it("that never answers is given up on after ten seconds, and does not hold up the others", async ({
    expect,
  }) => {
    const log = new Log();
    const stuck = new Taker();
    const calls: number[] = [];
    stuck.give = () => {
      calls.push(Date.now());
      return new Promise(() => {});
    };
    const well = new Taker();
    log.followers.add(stuck, 0);
    log.followers.add(well, 0);
    const began = Date.now();
    for (let seq = 0; seq < 15; seq++) {
      log.publish(groupOf(seq));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(well.at).toBe(seq + 1);
    }
    expect(calls).toHaveLength(2);
    expect(calls[0]).toBe(began);
    expect((calls[1] ?? 0) - began).toBeGreaterThanOrEqual(10_500);
  });

  it("does as an answer says only where it came in time", async ({ expect }) => {
    const log = new Log();
    const late = new Taker();
    let settled = 0;
    late.give = () =>
      new Promise((resolve) => {
        setTimeout(() => {
          resolve(() => {
            settled += 1;
            return 1;
          });
        }, 11_000);
      });
    const follower = log.followers.add(late, 0);
    log.publish(groupOf(0));
    await vi.advanceTimersByTimeAsync(11_100);
    expect([settled, follower.cursor]).toEqual([0, 0]);
    log.followers.drop(follower);
  });

  it("keeps a new place, whatever the answer to an old question says", async ({ expect }) => {
    const log = new Log();
    const taker = new Taker();
    const ends: ((at: Seq) => void)[] = [];
    taker.give = () =>
      new Promise((resolve) => {
        ends.push((at) => {
          resolve(() => at);
        });
      });
    const follower = log.followers.add(taker, 0);
    log.publish(groupOf(0, 10));
    await vi.advanceTimersByTimeAsync(0);
    follower.moveTo(10);
    ends[0]?.(4);
    await vi.advanceTimersByTimeAsync(0);
    expect(follower.cursor).toBe(10);
    expect(ends).toHaveLength(1);
  });

  it("that takes nothing, and says no more, is not asked without a pause", async ({ expect }) => {
    const log = new Log();
    const taker = new Taker();
    let calls = 0;
    taker.give = () => {
      calls += 1;
      return Promise.resolve(() => 0);
    };
    log.followers.add(taker, 0);
    log.publish(groupOf(0));
    await vi.advanceTimersByTimeAsync(499);
    expect(calls).toBe(1);
  });

  it("is given what it lacks from the log where it is no longer in memory, a page at a time", async ({
    expect,
  }) => {
    const log = new Log();
    const taker = new Taker();
    taker.isListening = false;
    const follower = log.followers.add(taker, 0);
    for (let seq = 0; seq < 1_200; seq += 10) log.publish(groupOf(seq, seq + 10));
    await vi.advanceTimersByTimeAsync(0);
    expect(taker.slices).toEqual([]);
    taker.isListening = true;
    follower.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(taker.seqs).toHaveLength(1_200);
    expect(log.reads[0]).toBe(0);
    // The newest came from memory.
    expect(Math.max(...log.reads)).toBeLessThan(1_200 - 500);
  });

  it("is told what the log has no more", async ({ expect }) => {
    const log = new Log();
    log.publish(groupOf(0, 10));
    log.oldest = 6;
    const taker = new Taker();
    log.followers.add(taker, 0).start();
    await vi.advanceTimersByTimeAsync(0);
    expect(taker.slices.map(({ from, to, isLost }) => [from, to, isLost])).toEqual([
      [0, 6, true],
      [6, 10, false],
    ]);
  });

  it("leaves more to gather after a call, and nothing is waited for on an idle channel", async ({
    expect,
  }) => {
    const log = new Log();
    const taker = new Taker();
    taker.gatherMs = 50;
    log.followers.add(taker, 0);
    log.publish(groupOf(0));
    await vi.advanceTimersByTimeAsync(0);
    for (const seq of [1, 2, 3]) log.publish(groupOf(seq));
    await vi.advanceTimersByTimeAsync(49);
    expect(taker.slices).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(taker.slices.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 4],
    ]);
    await vi.advanceTimersByTimeAsync(1_000);
    log.publish(groupOf(4));
    await vi.advanceTimersByTimeAsync(0);
    expect(taker.at).toBe(5);
  });

  it("that was the last leaves nothing in memory", async ({ expect }) => {
    const log = new Log();
    const follower = log.followers.add(new Taker(), 0);
    log.publish(groupOf(0, 10));
    await vi.advanceTimersByTimeAsync(0);
    log.followers.drop(follower);
    const taker = new Taker();
    log.followers.add(taker, 0).start();
    await vi.advanceTimersByTimeAsync(0);
    expect(taker.at).toBe(10);
    expect(log.reads).toEqual([0, 7]);
  });

  it("is given nothing any more once it is dropped", async ({ expect }) => {
    const log = new Log();
    const taker = new Taker();
    taker.fates.push("lost on the way");
    const follower = log.followers.add(taker, 0);
    log.publish(groupOf(0));
    await vi.advanceTimersByTimeAsync(0);
    log.followers.drop(follower);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    log.publish(groupOf(1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(taker.slices).toHaveLength(1);
  });
});
