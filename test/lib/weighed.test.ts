import * as fc from "fast-check";
import { describe, it } from "vitest";

import { Weighed } from "../../src/lib/weighed.ts";

describe("values with a weight", () => {
  it("weigh no more than they may together, whatever is kept in whatever order", ({ expect }) => {
    const step = fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.nat({ max: 12 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const weighed = new Weighed<number>(10);
        const last = new Map<string, number>();
        for (const [name, bytes, isRead] of steps) {
          if (isRead) {
            weighed.get(name);
            continue;
          }
          weighed.set(name, bytes, bytes);
          last.set(name, bytes);
          expect(weighed.get(name)).toBe(bytes <= 10 ? bytes : null);
        }
        const kept = [...last].filter(([name]) => weighed.get(name) !== null);
        expect(weighed.bytes).toBe(kept.reduce((sum, [, bytes]) => sum + bytes, 0));
        expect(weighed.bytes).toBeLessThanOrEqual(10);
      }),
    );
  });

  it("go when they were not asked for the longest", ({ expect }) => {
    const weighed = new Weighed<string>(3);
    for (const name of ["a", "b", "c"]) weighed.set(name, name, 1);
    weighed.get("a");
    weighed.set("d", "d", 1);
    expect(["a", "b", "c", "d"].map((name) => weighed.get(name))).toEqual(["a", null, "c", "d"]);
  });
});
