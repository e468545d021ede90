import { describe, it } from "vitest";

import { Recent } from "../../src/lib/recent.ts";

describe("what was found a moment ago", () => {
  it("is known until it is too old, to the millisecond", ({ expect }) => {
    const recent = new Recent<number>({ keepMs: 100, most: 2 });
    recent.set("a", 1, 1_000);
    expect([recent.get("a", 1_099), recent.get("a", 1_100)]).toEqual([1, null]);
  });

  it("does not become younger by being asked for", ({ expect }) => {
    const recent = new Recent<number>({ keepMs: 100, most: 2 });
    recent.set("a", 1, 1_000);
    for (let now = 1_000; now < 1_100; now += 10) recent.get("a", now);
    expect(recent.get("a", 1_100)).toBeNull();
  });

  it("is no more than so many, of which the oldest goes first", ({ expect }) => {
    const recent = new Recent<number>({ keepMs: 100, most: 2 });
    for (const name of ["a", "b", "a", "c"]) recent.set(name, 1, 0);
    expect(["a", "b", "c"].map((name) => recent.has(name))).toEqual([true, false, true]);
    expect(recent.size).toBe(2);
  });

  it("goes when it is found to be no more", ({ expect }) => {
    const recent = new Recent<number>({ keepMs: 100, most: 2 });
    recent.set("a", 1, 0);
    recent.set("a", null, 1);
    expect([recent.get("a", 1), recent.size]).toEqual([null, 0]);
  });
});
