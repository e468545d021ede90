import { describe, it } from "vitest";

import { Rejects } from "../../src/objects/rejects.ts";

describe("a frame that could not be read", () => {
  it("is kept with its beginning and its problem, both without secrets, then cut", ({ expect }) => {
    const secret = "s3cret".repeat(20);
    const rejects = new Rejects();
    // A cut at 200 that came first would leave half of the secret.
    const words = `${"x".repeat(150)} ${secret} ${"y".repeat(100)}`;
    rejects.add(words, words, [secret], 7);
    const clean = `${"x".repeat(150)} [redacted] ${"y".repeat(38)}`;
    expect(rejects.recent).toEqual([{ at: 7, problem: clean, start: clean }]);
    expect(rejects.count).toBe(1);
  });
});
