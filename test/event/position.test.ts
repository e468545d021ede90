import * as fc from "fast-check";
import { describe, it } from "vitest";

import { ChannelId, Epoch, Platform } from "../../src/event/ids.ts";
import { formatPosition, formatSequence, parsePosition } from "../../src/event/position.ts";

const epoch = fc.stringMatching(/^[a-z0-9]{10}$/);
const seq = fc.nat({ max: Number.MAX_SAFE_INTEGER });

describe("a position", () => {
  it("is read back as it was written", ({ expect }) => {
    fc.assert(
      fc.property(epoch, seq, (each, at) => {
        expect(parsePosition(formatPosition(each, at))).toEqual({ epoch: each, seq: at });
      }),
    );
  });

  it("has one spelling only: what is read is written the same", ({ expect }) => {
    const almost = fc.stringMatching(/^[a-z0-9]{10}-[0-9]{1,17}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (text) => {
        const position = parsePosition(text);
        const again = position === null ? text : formatPosition(position.epoch, position.seq);
        expect(again).toBe(text);
      }),
    );
  });

  it("may be before the first event", ({ expect }) => {
    expect(parsePosition("k3f9w2ab7q-0")).toEqual({ epoch: "k3f9w2ab7q", seq: 0 });
  });

  it.for([
    "",
    "4711",
    "k3f9w2ab7q",
    "k3f9w2ab7q-",
    "k3f9w2ab7q-01",
    "k3f9w2ab7q--1",
    "k3f9w2ab7q-1.5",
    "k3f9w2ab7q-1e3",
    "K3F9W2AB7Q-1",
    "k3f9w2ab7-1",
    "k3f9w2ab7qx-1",
    "k3f9w2ab7q-1 ",
    "k3f9w2ab7q-1\n",
    "k3f9w2ab7q-9007199254740992",
    "k3f9w2ab7q-99999999999999999999",
  ])("is not %j", (text, { expect }) => {
    expect(parsePosition(text)).toBeNull();
  });
});

describe("a sequence", () => {
  it("sorts as text as it does as a number", ({ expect }) => {
    const twelve = fc.nat({ max: 999_999_999_999 });
    fc.assert(
      fc.property(twelve, twelve, (a, b) => {
        const [first, second] = [formatSequence(a), formatSequence(b)];
        expect(first < second).toBe(a < b);
        expect(first).toMatch(/^\d{12}$/);
        expect(Number(first)).toBe(a);
      }),
    );
  });
});

describe("a name", () => {
  it.for([
    [
      ChannelId,
      ["demo", "a", "0-a", `a${"b".repeat(62)}`],
      ["", "-a", "A", "a_b", `a${"b".repeat(63)}`],
    ],
    [Epoch, ["k3f9w2ab7q"], ["", "k3f9w2ab7", "k3f9w2ab7qq", "K3f9w2ab7q"]],
    [Platform, ["twitch", "dlive", "source-99"], ["", "-x", "Twitch", "a".repeat(33)]],
  ] as const)("is what addresses can carry", ([schema, good, bad], { expect }) => {
    expect(good.filter((name) => !schema.safeParse(name).success)).toEqual([]);
    expect(bad.filter((name) => schema.safeParse(name).success)).toEqual([]);
  });
});
