import { afterEach, beforeEach, describe, it, vi, type Mock } from "vitest";

import { RelayError } from "../src/errors.ts";
import { report, reportRejected } from "../src/report.ts";

describe("a report", () => {
  let written: Mock<typeof console.error>;
  beforeEach(() => {
    written = vi.spyOn(console, "error").mockReturnValue();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const read = (): string => JSON.stringify(written.mock.calls);

  it("is one line with its name, what it is about, the error and where that arose", ({
    expect,
  }) => {
    report("hub not reached", new Error("no answer within 5 ms"), { channel: "studio", seq: 7 });
    expect(written.mock.calls).toEqual([
      [
        "hub not reached",
        {
          channel: "studio",
          seq: 7,
          error: "Error",
          message: "no answer within 5 ms",
          place: expect.stringMatching(/^\S.*report\.test\.ts:\d+:\d+\)?$/),
        },
      ],
    ]);
  });

  it("has the message of an error of ours without secrets and addresses in it", ({ expect }) => {
    report("a", new Error("mail to ada@example.com failed"));
    report(
      "b",
      new RelayError("unavailable", "wss://ada:pa55@relay.example/?token=abc123 is away"),
    );
    report("c", new Error("away", { cause: new Error("at https://x.example/?key=abc123") }));
    expect(read()).not.toMatch(/ada|pa55|abc123/);
    expect(read()).toMatch(/mail to \[redacted\] failed/);
  });

  const QUOTING: readonly [kind: string, make: () => unknown][] = [
    ["of JSON that cannot be read", () => new SyntaxError('Unexpected token, "said" is not JSON')],
    [
      "of an address that cannot be fetched",
      () => new TypeError("cannot load: https://said.example"),
    ],
    ["of a range", () => new RangeError("said is no date")],
    ["of a library", () => Object.assign(new Error("said"), { name: "ZodError" })],
    ["of another object, by its kind", () => new Error("SyntaxError: said is not JSON")],
    ["of a value the database does not take", () => new Error("D1_TYPE_ERROR: value 'said'")],
    ["that is a text", () => "said"],
    ["that is an object", () => ({ message: "said", name: "said" })],
    ["whose words look like a place", () => new SyntaxError("x\n    at said (said.ts:1:1)")],
    ["as the cause of another", () => new Error("away", { cause: new SyntaxError("said") })],
  ];

  it.for(QUOTING)("quotes nothing of an error %s", ([, make], { expect }) => {
    report("frame not read", make(), { channel: "studio" });
    expect(written).toHaveBeenCalledOnce();
    expect(read()).toContain("studio");
    expect(read()).not.toContain("said");
  });

  it("is short, whatever it is of", ({ expect }) => {
    report("a", new Error("x".repeat(10_000)), { id: "y".repeat(10_000) });
    expect(read().length).toBeLessThan(1_500);
  });

  it("never throws, or what should come after it would not", ({ expect }) => {
    const odd = new Error("odd");
    Object.defineProperty(odd, "stack", {
      get() {
        throw new Error("no stack");
      },
    });
    for (const error of [odd, null, undefined, Object.create(null), Symbol("x")]) {
      expect(() => report("a", error)).not.toThrow();
    }
    expect(written).toHaveBeenCalledTimes(5);
  });

  it("is made of each of several that failed, and the others are given on", async ({ expect }) => {
    const work = [Promise.resolve(1), Promise.reject(new Error("away")), Promise.resolve(3)];
    expect(reportRejected("not asked", await Promise.allSettled(work), { hub: "h1" })).toEqual([
      1, 3,
    ]);
    expect(written).toHaveBeenCalledOnce();
    expect(read()).toContain("away");
  });
});
