import { array, assert, constantFrom, oneof, property, record } from "fast-check";
import { describe, it } from "vitest";

import { job, outbox, P } from "./support/outbox.ts";

const IDS = ["a", "b", "c", "d"];
const move = record({
  what: constantFrom(
    "ask",
    "open",
    "close",
    "issue",
    "ask apart",
    "confirm",
    "fail",
    "crash",
    "pass",
  ),
  id: constantFrom(...IDS),
  // Seldom so long that all that waits is over: otherwise little would ever happen.
  later: oneof(
    { weight: 20, arbitrary: constantFrom(0, 1, 500, 1_000) },
    { weight: 1, arbitrary: constantFrom(30_000, 70_000) },
  ),
});

/** One of these, if there are any. */
function choose(id: string, from: readonly string[]): string | undefined {
  return from[IDS.indexOf(id) % from.length];
}

describe("sends, whatever happens in whatever order", () => {
  it("leave at most once each and end exactly once, also across a loss of the object", ({
    expect,
  }) => {
    assert(
      property(array(move, { maxLength: 60 }), (moves) => {
        let box = outbox();
        const asked = new Set<string>();
        const left = new Set<string>();
        const ended = new Set<string>();
        const kept = new Map<string, ReturnType<typeof job>>();
        const inHand = new Set<string>();
        const take = (effects: ReturnType<typeof box.handle>): void => {
          for (const effect of effects) {
            if (effect.type === "job-keep") kept.set(effect.job.id, effect.job);
            if (effect.type === "job-offer") {
              // What has left or ended is never handed out again.
              expect(left.has(effect.job.id)).toBe(false);
              expect(ended.has(effect.job.id)).toBe(false);
              inHand.add(effect.job.id);
            }
            if (effect.type === "job-end") {
              expect(ended.has(effect.job.id)).toBe(false);
              ended.add(effect.job.id);
              kept.delete(effect.job.id);
              inHand.delete(effect.job.id);
            }
          }
        };
        for (const { what, id, later } of moves) {
          box.at += later;
          if (what === "ask" && !asked.has(id)) {
            asked.add(id);
            take(box.asks(job(id, { at: box.at })));
          }
          if (what === "open") {
            inHand.clear();
            take(box.opens(P, 1_000));
          }
          if (what === "close") {
            inHand.clear();
            take(box.closes(P));
          }
          // A session sends what it was handed, once, and tells of nothing else.
          const toIssue = choose(
            id,
            [...inHand].filter((each) => !left.has(each)),
          );
          if (what === "issue" && toIssue !== undefined) {
            left.add(toIssue);
            take(box.issued(toIssue));
          }
          const gone = choose(
            id,
            [...left].filter((each) => !ended.has(each)),
          );
          if (what === "ask apart" && gone !== undefined) take(box.askedApart(gone));
          if (what === "confirm" && gone !== undefined) take(box.confirmed(gone));
          const held = choose(id, [...inHand]);
          if (what === "fail" && held !== undefined) take(box.fails(held, "refused"));
          if (what === "crash") {
            const { at } = box;
            box = outbox();
            box.at = at;
            inHand.clear();
            take(box.restores(...kept.values()));
          }
          if (what === "pass") take(box.passes());
        }
        box.at += 1_000_000;
        take(box.passes());
        expect([...ended].toSorted()).toEqual([...asked].toSorted());
        expect(box.jobs()).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
