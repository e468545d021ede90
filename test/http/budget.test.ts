import { describe, it } from "vitest";

import { Budget } from "../../src/http/scheduled/budget.ts";

describe("a share of what a run may ask of the database", () => {
  it("is no more than is left, and what it takes is gone for the others", ({ expect }) => {
    const whole = new Budget({ queries: 100, blocks: 10 });
    const first = whole.share({ queries: 80, blocks: 6 });
    first.take(70);
    first.spend(6);
    const second = whole.share({ queries: 80, blocks: 6 });
    expect([whole.hasQueries(30), whole.hasQueries(31)]).toEqual([true, false]);
    expect([second.hasQueries(30), second.hasQueries(31)]).toEqual([true, false]);
    expect(second.hasChunk()).toBe(true);
    second.spend(4);
    expect([second.hasChunk(), whole.hasChunk()]).toEqual([false, false]);
  });

  it("ends the step that asks for more than it has, and leaves the rest to the others", ({
    expect,
  }) => {
    const whole = new Budget({ queries: 100, blocks: 0 });
    const share = whole.share({ queries: 5, blocks: 0 });
    expect(() => share.take(6)).toThrow();
    expect(whole.hasQueries(100)).toBe(true);
  });
});
