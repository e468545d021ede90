import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { Place } from "../../src/overlay/alerts/place.ts";
import { findResume, readPlace } from "../../src/overlay/alerts/place.ts";
import {
  startQueue,
  type Alert,
  type Input,
  type Rules,
} from "../../src/overlay/alerts/queue-state.ts";
import { advance, findNextTime } from "../../src/overlay/alerts/queue.ts";
import type { Data } from "../../src/overlay/kit/events.ts";
import { findKind } from "../../src/overlay/kit/kinds.ts";
import { BEGUN, makeEvent, somebody } from "./support/events.ts";

const RULES: Rules = {
  duration: 6,
  pause: 0.6,
  queue: 100,
  order: "arrival",
  catchup: 60,
  hidden: "hold",
  fold: true,
};

/** An alert at a place of the log. */
function makeAlert(seq: number, type: string, data: Data, more: { test?: true; at?: number } = {}) {
  const { at = 0, ...rest } = more;
  const event = { ...makeEvent(type, data, { ...rest, at }), id: `epoch00000-${seq}` };
  const { platform, provider, id } = event;
  const traces = { platform, provider, ids: new Set([id]), user: data.user };
  const kind = findKind(event) ?? "follow";
  return { id, ids: [id], kind, event, traces, others: 0, isSilent: false, cameAt: BEGUN + at };
}

const follow = (seq: number, more = {}) =>
  makeAlert(seq, "channel.follow", { user: somebody(`follower ${seq}`) }, more);
const tip = (seq: number, data: Data = {}, more = {}) =>
  makeAlert(
    seq,
    "channel.tip",
    { user: somebody("Pixel"), amount: { value: "5", currency: "EUR", kind: "fiat" }, ...data },
    more,
  );

/** A page at work: what it is given, at which time, and what it has shown and kept. */
class Box {
  now = BEGUN;
  shown: Alert[] = [];
  hidden = 0;
  silenced = 0;
  kept: Place | null;
  queue;
  readonly rules;

  constructor(kept: Place | null = null, rules: Partial<Rules> = {}) {
    this.kept = kept;
    this.queue = startQueue(kept);
    this.rules = { ...RULES, ...rules };
  }

  put(input: Input): this {
    const { queue, effects } = advance(this.queue, input, this.now, this.rules);
    this.queue = queue;
    for (const effect of effects) {
      if (effect.type === "show") this.shown.push(effect.alert);
      else if (effect.type === "remember") this.kept = effect.place;
      else if (effect.type === "hide") this.hidden += 1;
      else this.silenced += 1;
    }
    return this;
  }

  turn(mayPlay: boolean): this {
    return this.put({ type: "turn", mayPlay, place: this.kept });
  }

  take(alert: Alert, { live = true, age = 0 } = {}): this {
    return this.put({ type: "alert", alert, live, age });
  }

  /** Lets time pass, as the page's one timer does. */
  wait(ms: number): this {
    const end = this.now + ms;
    for (let turns = 0; turns < 1_000; turns += 1) {
      const at = findNextTime(this.queue);
      if (at === null || at > end) break;
      this.now = Math.max(this.now, at);
      this.put({ type: "tick" });
    }
    this.now = end;
    return this;
  }

  get seqs(): number[] {
    return this.shown.map(({ id }) => Number(id.split("-")[1]));
  }
}

describe("the queue of alerts", () => {
  it("plays one after another in the log's order, with a pause between", ({ expect }) => {
    const box = new Box().turn(true).take(tip(1)).take(tip(2)).wait(6_500);
    expect([box.seqs, box.hidden]).toEqual([[1], 1]);
    expect(box.wait(200).seqs).toEqual([1, 2]);
    expect(findNextTime(box.wait(20_000).queue)).toBe(null);
  });

  it("plays what came in a break that is shorter than catchup, and counts what is older", ({
    expect,
  }) => {
    const box = new Box().turn(true);
    box.take(tip(1), { live: false, age: 59_000 }).take(tip(2), { live: false, age: 61_000 });
    expect([box.seqs, box.queue.missed]).toEqual([[1], 1]);
  });

  it("plays nothing that was told long after it happened, and counts it", ({ expect }) => {
    const told = (seq: number, lateMs: number): Alert => {
      const alert = tip(seq);
      const time = new Date(Date.parse(alert.event.recordedtime) - lateMs).toISOString();
      return { ...alert, event: { ...alert.event, time } };
    };
    const box = new Box().turn(true).take(told(1, 600_000)).take(told(2, 7_200_000)).wait(20_000);
    expect([box.seqs, box.queue.missed]).toEqual([[1], 1]);
  });

  it("plays nothing twice and loses nothing over a reload at any moment of a burst", ({
    expect,
  }) => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9_000 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (lives, count) => {
          const log = Array.from({ length: count }, (_, at) => tip(at + 1));
          const shown: number[] = [];
          let kept: Place | null = { latest: "epoch00000-0", open: [] };
          let now = BEGUN;
          for (const life of [...lives, 1_000_000]) {
            const box: Box = new Box(kept);
            box.now = now;
            box.turn(true);
            const from = Number((kept && findResume(kept))?.split("-")[1]);
            // What waited is played however old it is by now.
            for (const alert of log.slice(from)) box.take(alert, { live: false, age: now - BEGUN });
            box.wait(life);
            shown.push(...box.seqs);
            kept = readPlace(JSON.stringify(box.kept));
            now = box.now;
          }
          expect(shown).toEqual(log.map((_, at) => at + 1));
        },
      ),
    );
  });

  it("remembers an alert before it is seen", ({ expect }) => {
    const box = new Box({ latest: "epoch00000-0", open: [] }).turn(true);
    const { effects } = advance(
      box.queue,
      { type: "alert", alert: tip(1), live: true, age: 0 },
      box.now,
      RULES,
    );
    expect(effects.map(({ type }) => type)).toEqual(["remember", "show"]);
  });

  it("plays on one of two pages, and the other goes on from there when it is its turn", ({
    expect,
  }) => {
    const first = new Box().turn(true);
    const second = new Box();
    for (const seq of [1, 2, 3]) {
      first.take(tip(seq));
      second.take(tip(seq));
    }
    first.wait(7_000).turn(false);
    expect([first.seqs, second.seqs]).toEqual([[1, 2], []]);
    second.now = first.now;
    second.kept = first.kept;
    second.turn(true).wait(20_000);
    expect(second.seqs).toEqual([3]);
  });

  it("expects what waits on another page and has not come here yet", ({ expect }) => {
    const first = new Box().turn(true).take(tip(1)).take(tip(2));
    const second = new Box();
    second.kept = first.kept;
    second.turn(true).take(tip(1), { live: false, age: 5_000 });
    second.take(tip(2), { live: false, age: 5_000 });
    expect(second.seqs).toEqual([2]);
  });

  it("folds a bomb of gifts into one, whichever of them comes first", ({ expect }) => {
    const from = { name: "Moss" };
    const single = (seq: number) =>
      makeAlert(seq, "channel.subscription", {
        user: somebody(`got ${seq}`),
        subscription: { kind: "new", gift: { from } },
      });
    const bomb = makeAlert(50, "channel.subscription.gift", { user: somebody("Moss"), count: 3 });
    for (const order of [
      [bomb, single(1), single(2), single(3)],
      [single(1), single(2), bomb, single(3)],
      [single(1), single(2), single(3), bomb],
    ]) {
      const box = new Box().turn(true);
      for (const alert of order) box.take(alert).wait(300);
      expect(box.wait(60_000).shown.map(({ kind }) => kind)).toEqual(["gift"]);
      expect(box.kept?.open).toEqual([]);
    }
    const alone = new Box().turn(true).take(single(1)).wait(60_000);
    expect(alone.shown.map(({ kind }) => kind)).toEqual(["subscription"]);
  });

  it("makes one of more than five follows that wait", ({ expect }) => {
    const box = new Box().turn(true).take(tip(1));
    for (let seq = 2; seq <= 13; seq += 1) box.take(follow(seq));
    box.wait(100_000);
    expect(box.seqs).toEqual([1, 2]);
    expect(box.shown[1]?.others).toBe(11);
  });

  it("counts every follow of a flood in the one that is made of it, and remembers a bounded number", ({
    expect,
  }) => {
    const box = new Box().turn(true).take(tip(1));
    for (let seq = 2; seq <= 3_001; seq += 1) box.take(follow(seq));
    expect(box.queue.waiting.length).toBeLessThanOrEqual(RULES.queue);
    expect(box.kept?.open.length).toBeLessThanOrEqual(300);
    box.wait(20_000);
    expect(box.shown.map(({ kind, others }) => [kind, others])).toEqual([
      ["tip", 0],
      ["follow", 2_999],
    ]);
    expect(box.kept?.open).toEqual([]);
  });

  it("keeps a tip back until it is let through, and drops it when it is not", ({ expect }) => {
    const pending = (seq: number) => tip(seq, { tipId: `t${seq}`, moderation: "pending" });
    const told = (seq: number, moderation: string): Input => ({
      type: "moderated",
      event: makeEvent("channel.tip.moderated", { tipId: `t${seq}`, moderation }),
    });
    const box = new Box().turn(true).take(pending(1)).take(pending(2)).wait(10_000);
    expect(box.seqs).toEqual([]);
    box.put(told(2, "allowed")).put(told(1, "rejected")).wait(60_000);
    expect(box.seqs).toEqual([2]);
    expect(box.take(pending(3)).wait(3_700_000).put(told(3, "allowed")).seqs).toEqual([2]);
  });

  it("drops the oldest follows where too many wait, and money never", ({ expect }) => {
    const box = new Box(null, { queue: 3, fold: false });
    box.take(follow(1)).take(tip(2)).take(follow(3)).take(tip(4)).take(tip(5)).take(tip(6));
    box.turn(true).wait(60_000);
    expect(box.seqs).toEqual([2, 4, 5, 6]);
  });

  it("plays faster where more than ten wait, and never under two seconds", ({ expect }) => {
    const box = new Box(null, { pause: 0 });
    for (let seq = 1; seq <= 12; seq += 1) box.take(tip(seq));
    expect(box.turn(true).wait(3_000).seqs).toEqual([1, 2]);
    const quick = new Box(null, { pause: 0, duration: 2 });
    for (let seq = 1; seq <= 12; seq += 1) quick.take(tip(seq));
    expect(quick.turn(true).wait(1_900).seqs).toEqual([1]);
  });

  it("holds what comes while nobody sees it, for five minutes, or skips it", ({ expect }) => {
    const held = new Box().take(follow(1)).wait(299_000).turn(true);
    expect(held.seqs).toEqual([1]);
    const late = new Box().take(follow(1)).take(tip(2)).wait(301_000).turn(true).wait(20_000);
    expect(late.seqs).toEqual([2]);
    const skipped = new Box(null, { hidden: "skip" }).take(follow(1)).turn(true).take(follow(2));
    expect(skipped.wait(20_000).seqs).toEqual([2]);
  });

  it("plays tips and cheers first where it is asked to, oldest first", ({ expect }) => {
    const box = new Box(null, { order: "value" });
    box.take(follow(1)).take(tip(2)).take(follow(3)).take(tip(4)).turn(true).wait(60_000);
    expect(box.seqs).toEqual([2, 4, 1, 3]);
  });

  it("plays a test at once", ({ expect }) => {
    const box = new Box()
      .take(tip(1))
      .take(tip(2))
      .take(tip(3, {}, { test: true }))
      .turn(true);
    expect(box.wait(30_000).seqs).toEqual([3, 1, 2]);
  });

  it("takes the words of one that is seen away when they are deleted, and all with a ban", ({
    expect,
  }) => {
    const box = new Box().turn(true).take(tip(1)).take(tip(2)).take(tip(3));
    const hides = ({ ids }: { ids: Set<string> }) => !ids.has("epoch00000-3");
    box.put({ type: "hide", hides, isBan: false });
    expect([box.silenced, box.hidden]).toEqual([1, 0]);
    box.wait(7_000);
    expect(box.shown[1]?.isSilent).toBe(true);
    box.put({ type: "hide", hides, isBan: true }).wait(60_000);
    expect(box.hidden).toBeGreaterThan(0);
    expect(box.seqs).toEqual([1, 2, 3]);
    const banned = new Box().turn(true).take(tip(1)).take(tip(2));
    banned.put({ type: "hide", hides: () => true, isBan: true }).wait(60_000);
    expect([banned.seqs, banned.queue.waiting]).toEqual([[1], []]);
  });

  it("obeys pause, resume, skip and clear", ({ expect }) => {
    const box = new Box().turn(true).take(tip(1)).take(tip(2)).take(tip(3)).take(tip(4));
    box.put({ type: "command", command: "pause" }).wait(60_000);
    expect(box.seqs).toEqual([1]);
    box.put({ type: "command", command: "resume" });
    expect(box.seqs).toEqual([1, 2]);
    box.put({ type: "command", command: "skip" }).wait(700);
    expect(box.seqs).toEqual([1, 2, 3]);
    box.put({ type: "command", command: "clear" }).wait(60_000);
    expect(box.seqs).toEqual([1, 2, 3]);
  });

  it("plays one again when it is asked to, without remembering it anew", ({ expect }) => {
    const box = new Box().turn(true).take(tip(1)).wait(10_000);
    const { kept } = box;
    box.put({ type: "again", alert: tip(1) }).wait(10_000);
    expect(box.seqs).toEqual([1, 1]);
    expect(box.kept).toEqual(kept);
  });

  it("begins anew in another log", ({ expect }) => {
    const box = new Box({ latest: "another000-900", open: ["another000-7"] }).turn(true);
    expect(box.take(tip(1)).seqs).toEqual([1]);
    expect(box.kept).toEqual({ latest: "epoch00000-1", open: [] });
  });
});
