import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  RECENT_AT_LEAST,
  RECENT_AT_MOST,
  RECENT_MAX_BYTES,
  RECENT_MS,
  RecentKeys,
  shortenKey,
  type Known,
} from "../../src/channel/recent.ts";

/** A group of `count` keys that are all new, ending with a place, at a time. */
function group(
  recent: RecentKeys,
  { from, count, at }: { from: number; count: number; at: number },
): void {
  for (let seq = from; seq < from + count; seq++) recent.add(`key ${seq}`, seq);
  recent.mark(from + count - 1, at);
}

describe("the occurrences of the recent past", () => {
  it("are those of ten minutes, five thousand at least and sixty thousand at most", ({
    expect,
  }) => {
    expect([RECENT_MS, RECENT_AT_LEAST, RECENT_AT_MOST]).toEqual([10 * 60_000, 5_000, 60_000]);
  });

  it("are known with the place of their event", ({ expect }) => {
    const recent = new RecentKeys();
    recent.add("a", 7);
    expect(recent.find("a")?.seq).toBe(7);
    expect(recent.find("b")?.seq).toBeUndefined();
    expect(recent.find("constructor")?.seq).toBeUndefined();
    expect(recent.size).toBe(1);
  });

  it("are known for ten minutes, however many they are", ({ expect }) => {
    const recent = new RecentKeys();
    group(recent, { from: 1, count: 20_000, at: 0 });
    group(recent, { from: 20_001, count: 10, at: RECENT_MS });
    expect(recent.size).toBe(20_010);
    group(recent, { from: 20_011, count: 10, at: RECENT_MS + 1 });
    expect(recent.find("key 1")?.seq).toBeUndefined();
    expect(recent.find("key 20001")?.seq).toBe(20_001);
  });

  it("are forgotten up to the last one of a group that is too old", ({ expect }) => {
    const recent = new RecentKeys();
    group(recent, { from: 1, count: 10, at: 0 });
    group(recent, { from: 11, count: RECENT_AT_LEAST, at: RECENT_MS + 1 });
    expect(recent.find("key 10")?.seq).toBeUndefined();
    expect(recent.find("key 11")?.seq).toBe(11);
    expect(recent.size).toBe(RECENT_AT_LEAST);
  });

  it("are known beyond that as long as there are no more than five thousand", ({ expect }) => {
    const recent = new RecentKeys();
    group(recent, { from: 1, count: 3_000, at: 0 });
    group(recent, { from: 3_001, count: 2_000, at: 10 * RECENT_MS });
    expect(recent.size).toBe(RECENT_AT_LEAST);
    group(recent, { from: 5_001, count: 100, at: 20 * RECENT_MS });
    expect(recent.size).toBe(RECENT_AT_LEAST);
    expect(recent.find("key 100")?.seq).toBeUndefined();
    expect(recent.find("key 101")?.seq).toBe(101);
  });

  it("are forgotten oldest first", ({ expect }) => {
    const recent = new RecentKeys();
    group(recent, { from: 1, count: RECENT_AT_LEAST, at: 0 });
    group(recent, { from: RECENT_AT_LEAST + 1, count: 3, at: RECENT_MS + 1 });
    const known = [1, 2, 3, 4].map((seq) => recent.find(`key ${seq}`)?.seq !== undefined);
    expect(known).toEqual([false, false, false, true]);
  });

  it("are never more than memory can hold, even within ten minutes", ({ expect }) => {
    const recent = new RecentKeys();
    group(recent, { from: 1, count: RECENT_AT_MOST, at: 0 });
    expect(recent.size).toBe(RECENT_AT_MOST);
    group(recent, { from: RECENT_AT_MOST + 1, count: 1_000, at: 1 });
    expect(recent.size).toBe(RECENT_AT_MOST);
    expect(recent.find("key 1000")?.seq).toBeUndefined();
    expect(recent.find("key 1001")?.seq).toBe(1_001);
  });

  it("are kept in bounded memory, however long and wide their keys are", ({ expect }) => {
    const recent = new RecentKeys();
    const wide = (seq: number): string => `api key ${"字".repeat(190)}${seq}`;
    const count = 30_000;
    for (let seq = 1; seq <= count; seq++) recent.add(wide(seq), seq);
    recent.mark(count, 0);
    // Each of them is known by no more than its owner and a fingerprint.
    expect(shortenKey(wide(1)).length).toBeLessThanOrEqual(64);
    expect(recent.size).toBe(count);
    expect(recent.find(wide(1))?.seq).toBe(1);
    expect(recent.find(wide(count + 1))?.seq).toBeUndefined();
    expect(recent.find(wide(1).replace("api", "dlive"))?.seq).toBeUndefined();
    const middling = (seq: number): string => `api ${"字".repeat(50)}${seq}`;
    for (let seq = 1; seq <= RECENT_AT_MOST; seq++) recent.add(middling(seq), count + seq);
    recent.mark(count + RECENT_AT_MOST, 1);
    const bytes = 2 * middling(RECENT_AT_MOST).length + 64;
    expect(recent.size * bytes).toBeLessThan(RECENT_MAX_BYTES * 1.1);
    expect(recent.size).toBeGreaterThan(40_000);
  });

  it("of the last ten minutes and the last five thousand are known in every history", ({
    expect,
  }) => {
    const step = fc.record({
      count: fc.integer({ min: 1, max: 2_500 }),
      later: fc.integer({ min: 0, max: RECENT_MS }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const recent = new RecentKeys();
        const ends: { seq: number; at: number }[] = [];
        let head = 0;
        let at = 0;
        for (const { count, later } of steps) {
          at += later;
          group(recent, { from: head + 1, count, at });
          head += count;
          ends.push({ seq: head, at });
        }
        const old = ends.filter((end) => end.at < at - RECENT_MS).at(-1)?.seq ?? 0;
        const firstKnown = Math.max(0, Math.min(old, head - RECENT_AT_LEAST)) + 1;
        expect(recent.size).toBe(head - firstKnown + 1);
        expect(recent.find(`key ${firstKnown}`)?.seq).toBe(firstKnown);
        expect(recent.find(`key ${head}`)?.seq).toBe(head);
      }),
      { numRuns: 30 },
    );
  });

  it("are as they were, whatever others were made of them, in every history", ({ expect }) => {
    const step = fc.record({
      of: fc.nat(),
      count: fc.constantFrom(0, 1, 3, 40),
      later: fc.constantFrom(0, 1, 0.4 * RECENT_MS, RECENT_MS, 2 * RECENT_MS),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const first = { from: 1, count: RECENT_AT_LEAST, at: 0 };
        const versions = [{ recent: filledBy([first]), groups: [first], head: RECENT_AT_LEAST }];
        for (const { of, count, later } of steps) {
          const before = versions[of % versions.length];
          if (before === undefined) continue;
          const head = before.head + count;
          const at = (before.groups.at(-1)?.at ?? 0) + later;
          const recent = before.recent.after(keysBetween(before.head, head), head, at);
          const groups = [...before.groups, { from: before.head + 1, count, at }];
          versions.push({ recent, groups, head });
        }
        for (const { recent, groups } of versions) {
          expect(seenIn(recent)).toEqual(seenIn(filledBy(groups)));
        }
      }),
      { numRuns: 20 },
    );
  });

  it("are the same whether they were filled in place or made of others", ({ expect }) => {
    const filled = new RecentKeys();
    let made = new RecentKeys();
    let head = 0;
    for (const [index, count] of [3_000, 2_000, 40, 0, 700].entries()) {
      const at = index * 0.6 * RECENT_MS;
      group(filled, { from: head + 1, count, at });
      made = made.after(keysBetween(head, head + count), head + count, at);
      head += count;
      expect(seenIn(made)).toEqual(seenIn(filled));
    }
  });
});

/** The keys of these groups, filled in place. */
function filledBy(groups: readonly { from: number; count: number; at: number }[]): RecentKeys {
  const recent = new RecentKeys();
  for (const each of groups) group(recent, each);
  return recent;
}

/** Keys that are new, each with its place. */
function keysBetween(after: number, upTo: number): Map<string, Known> {
  const places = Array.from({ length: upTo - after }, (_, index) => after + index + 1);
  return new Map(places.map((seq) => [`key ${seq}`, { seq, tellers: "" }]));
}

/** All that can be asked of it, for the keys that may be forgotten or new. */
function seenIn(recent: RecentKeys): unknown {
  const near = (middle: number): number[] =>
    Array.from({ length: 140 }, (_, index) => middle - 70 + index);
  const known = [...near(70), ...near(RECENT_AT_LEAST)].map(
    (seq) => recent.find(`key ${seq}`)?.seq,
  );
  return [recent.size, known];
}
