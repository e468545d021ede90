import * as fc from "fast-check";
import { describe, it } from "vitest";

import { client, closingIn, resultIn, resultsIn } from "./client.ts";

const KIB = 1024;
const unreadable = "not JSON";
const status = { type: "status", id: 1 };

describe("a frame's size", () => {
  /** A `status` command of so many bytes, padded with one character. */
  const padded = (bytes: number, character: string, width: number): string => {
    const [head, tail] = ['{"type":"status","id":1,"pad":"', '"}'];
    const room = bytes - head.length - tail.length;
    const pad = character.repeat(Math.floor(room / width)) + "a".repeat(room % width);
    return head + pad + tail;
  };

  it.for([
    ["a", 1],
    ["é", 2],
    ["€", 3],
    ["🐟", 4],
    // Half a pair is written as the three bytes of U+FFFD.
    ["\ud83d", 3],
  ] as const)("is 16 KiB at most, measured in bytes: of %j", ([character, width], { expect }) => {
    const fits = padded(16 * KIB, character, width);
    expect(new TextEncoder().encode(fits)).toHaveLength(16 * KIB);
    expect(client().says(fits)).toEqual([{ type: "status-tell", id: 1 }]);
    const error = { code: "frame_too_large", message: "at most 16384 bytes", retryable: false };
    const refused = { type: "result", id: null, ok: false, error };
    expect(resultIn(client().says(padded(16 * KIB + 1, character, width)))).toEqual(refused);
  });
});

describe("unreadable frames", () => {
  it("are forgiven nine times in a minute; the tenth closes 4009, after its answer", ({
    expect,
  }) => {
    const clumsy = client();
    for (let fault = 1; fault <= 9; fault++) {
      expect(clumsy.says(unreadable, fault).map(({ type }) => type)).toEqual(["frame-send"]);
    }
    const tenth = clumsy.says(unreadable, 10);
    expect(tenth.map(({ type }) => type)).toEqual(["frame-send", "socket-close"]);
    expect(closingIn(tenth)).toEqual({
      type: "socket-close",
      code: 4009,
      reason: "too many unreadable frames",
    });
  });

  it("of every kind count alike, and readable ones between them do not help", ({ expect }) => {
    const clumsy = client();
    const faults = [unreadable, null, "[]", { type: "dance", id: 1 }, { type: "status" }];
    for (const fault of [...faults, ...faults.slice(1)]) {
      expect(closingIn(clumsy.says(fault))).toBeNull();
      expect(closingIn(clumsy.says(status))).toBeNull();
    }
    expect(closingIn(clumsy.says("x".repeat(17 * KIB)))).toMatchObject({ code: 4009 });
  });

  it("are forgotten after a minute", ({ expect }) => {
    const slow = client();
    for (let fault = 0; fault < 100; fault++) {
      expect(closingIn(slow.says(unreadable, fault * 6_667))).toBeNull();
    }
    const quick = client();
    const closings = Array.from({ length: 10 }, (_, fault) =>
      closingIn(quick.says(unreadable, fault * 6_666)),
    );
    expect(closings.filter((closing) => closing !== null)).toHaveLength(1);
  });

  it("do not pile up in what a socket remembers", ({ expect }) => {
    const slow = client();
    for (let fault = 0; fault < 500; fault++) slow.says(unreadable, fault * 10_000);
    expect(slow.state.faults.length).toBeLessThan(10);
  });

  it("are no commands that failed: a refused command is no fault", ({ expect }) => {
    const refused = client({ scopes: [] });
    for (let i = 0; i < 50; i++) {
      expect(closingIn(refused.says({ type: "send", id: i, text: "hello" }))).toBeNull();
      expect(closingIn(refused.says({ type: "subscribe", id: i, types: "nope" }))).toBeNull();
    }
    expect(refused.state.faults).toEqual([]);
  });

  it("are all frames where the dialect takes none, answered with nothing", ({ expect }) => {
    const mute = client({ takesCommands: false });
    for (let fault = 1; fault <= 9; fault++) expect(mute.says(status)).toEqual([]);
    expect(mute.says({ type: "ping" })).toMatchObject([{ type: "socket-close", code: 4009 }]);
  });
});

describe("the rate of frames", () => {
  it("is a hundred in ten seconds; the next closes 4129", ({ expect }) => {
    const busy = client();
    for (let i = 0; i < 100; i++) expect(closingIn(busy.says(status, i))).toBeNull();
    expect(busy.says(status, 9_999)).toEqual([
      { type: "socket-close", code: 4129, reason: "too many frames" },
    ]);
  });

  it("begins anew after ten seconds", ({ expect }) => {
    const busy = client();
    for (let i = 0; i < 100; i++) busy.says(status);
    for (let i = 0; i < 100; i++) expect(closingIn(busy.says(status, 10_000))).toBeNull();
    expect(closingIn(busy.says(status, 10_001))).toMatchObject({ code: 4129 });
  });

  it("counts pings and unreadable frames like the others", ({ expect }) => {
    const busy = client();
    for (let i = 0; i < 97; i++) busy.says({ type: "ping" });
    for (let i = 0; i < 3; i++) busy.says(unreadable);
    expect(closingIn(busy.says({ type: "ping" }))).toMatchObject({ code: 4129 });
  });
});

describe("whatever a client says", () => {
  it("is answered once, or not at all where the socket closes over its rate", ({ expect }) => {
    const words = fc.oneof(
      fc.json(),
      fc.string({ unit: "binary" }),
      fc.record({
        type: fc.constantFrom("ping", "subscribe", "status", "send"),
        id: fc.jsonValue(),
      }),
      fc.constant(null),
    );
    fc.assert(
      fc.property(words, (said) => {
        const effects = client().says(said);
        expect(effects).toHaveLength(1);
        expect(resultsIn(effects).every(({ ok }) => !ok)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
