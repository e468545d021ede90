import { describe, it } from "vitest";

import { findLoss } from "../../src/lib/loss.ts";

const error = (message: string, marks: object = {}): Error =>
  Object.assign(new Error(message), marks);

describe("the answer of another object", () => {
  it.for([
    ["marked as one to be asked for again", error("x", { retryable: true })],
    ["of an object that was reset", error("x", { durableObjectReset: true, remote: true })],
    ["cut off with the connection", error("Network connection lost.")],
    ["of code that was replaced", error("Durable Object reset because its code was updated.")],
    [
      "of storage that was replaced",
      error(
        "The Durable Object's code has been updated, this version can no longer access storage.",
      ),
    ],
    [
      "of storage that failed",
      error("Internal error in Durable Object storage write caused object to be reset."),
    ],
    [
      "of storage that took too long",
      error("Durable Object storage operation exceeded timeout which caused object to be reset."),
    ],
    ["of a database that moves", error("D1_ERROR: Cannot resolve D1 DB due to transient issue")],
    ["that came through a third one", error("Error: Network connection lost.", { remote: true })],
  ] as const)("is lost by a restart: one %s", ([, lost], { expect }) => {
    expect(findLoss(lost)).toBe("restarted");
  });

  it.for([
    ["marked as overloaded", error("x", { overloaded: true })],
    ["marked as both", error("x", { overloaded: true, retryable: true })],
    ["of a queue that is full", error("Durable Object is overloaded. Too many requests queued.")],
    [
      "of a queue that is old",
      error("Durable Object is overloaded. Requests queued for too long."),
    ],
    ["of a database that is full of work", error("D1_ERROR: D1 DB is overloaded.")],
    [
      "of an object that ran out of time",
      error("Durable Object exceeded its CPU time limit and was reset.", {
        durableObjectReset: true,
      }),
    ],
    [
      "of an object that ran out of memory",
      error("Durable Object's isolate exceeded its memory limit and was reset."),
    ],
  ] as const)(
    "is lost to too much work, and not asked for again: one %s",
    ([, lost], { expect }) => {
      expect(findLoss(lost)).toBe("exhausted");
    },
  );

  it("is late where nobody waited any longer, here or behind another object", ({ expect }) => {
    expect(findLoss(error("no answer within 20000 ms"))).toBe("late");
    expect(findLoss(error("TimeoutError: no answer within 5 ms", { remote: true }))).toBe("late");
  });

  it.for([
    ["an error of its own", error("x is not a function", { remote: true })],
    ["one that quotes somebody", error("said: no answer within 5 ms, he wrote")],
    ["a mark that is none", error("x", { retryable: "true", overloaded: 1 })],
    ["no error at all", "Network connection lost."],
    ["nothing", undefined],
  ] as const)("is not lost where it is %s", ([, kept], { expect }) => {
    expect(findLoss(kept)).toBe(null);
  });
});
