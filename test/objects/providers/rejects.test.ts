import { describe, it } from "vitest";

import { RejectedFrames } from "../../../src/channel/rejected-frames.ts";

describe("a frame that could not be read", () => {
  it("is kept with its beginning and its problem, both without secrets, then cut", ({ expect }) => {
    const secret = "s3cret".repeat(20);
    const rejects = new RejectedFrames();
    // A cut at 200 that came first would leave half of the secret.
    const words = `${"x".repeat(150)} ${secret} ${"y".repeat(100)}`;
    rejects.add(words, words, [secret], 7);
    const clean = `${"x".repeat(150)} [redacted] ${"y".repeat(38)}`;
    expect(rejects.recent).toEqual([{ at: 7, problem: clean, start: clean }]);
    expect(rejects.count).toBe(1);
  });

  it("shows no piece of a secret of any length, however often the frame says it", ({ expect }) => {
    const secret = "0123456789abcdef".repeat(256);
    const rejects = new RejectedFrames();
    rejects.add("unreadable", `{"tokens":"${Array(5).fill(secret).join(",")}"`, [secret], 7);
    expect(rejects.recent[0]?.start).toBe(`{"tokens":"${Array(5).fill("[redacted]").join(",")}"`);
  });
});
