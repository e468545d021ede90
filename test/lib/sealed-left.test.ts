import { describe, it } from "vitest";

import { addLeft, isAllSealedAnew, makeNoneLeft } from "../../src/lib/sealed-left.ts";

const NONE = makeNoneLeft("k2");

describe("what is left to seal anew", () => {
  it("is added up, with the keys that are missing named once", ({ expect }) => {
    const some = { ...NONE, old: 2, unreadable: 1, missing: ["k0"] };
    const others = { ...NONE, old: 1, unreadable: 2, missing: ["k0", "a"] };
    const all = { keyId: "k2", old: 3, unreadable: 3, missing: ["a", "k0"], unasked: 0 };
    expect(addLeft("k2", [some, NONE, others])).toEqual(all);
  });

  it("is not known of whoever did not answer, or works with the key before", ({ expect }) => {
    expect(addLeft("k2", [null, makeNoneLeft("k1"), NONE])).toEqual({ ...NONE, unasked: 2 });
  });

  it("names some of the missing keys, however many there are", ({ expect }) => {
    const many = Array.from({ length: 40 }, (_, i) => ({ ...NONE, missing: [`k${100 + i}`] }));
    expect(addLeft("k2", many).missing).toHaveLength(10);
  });

  it("is nothing once everybody has answered and nothing is old", ({ expect }) => {
    expect(isAllSealedAnew(null)).toBe(false);
    expect(isAllSealedAnew({ ...NONE, old: 1 })).toBe(false);
    expect(isAllSealedAnew({ ...NONE, unasked: 1 })).toBe(false);
    // Nothing opens it, however long one waits.
    expect(isAllSealedAnew({ ...NONE, unreadable: 1, missing: ["k0"] })).toBe(true);
  });
});
