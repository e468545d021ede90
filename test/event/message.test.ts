import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  chooseMessageId,
  splitFragments,
  splitAtSpans,
  makeMessage,
  joinFragments,
  type Span,
} from "../../src/event/message.ts";
import { Fragment, Message } from "../../src/event/shapes.ts";

const pieces = fc.constantFrom(
  "@ada",
  "@",
  " ",
  "https://example.com/a?b=c",
  "http://",
  "://",
  ".",
  ")",
  "Kappa",
  "👩‍🚀",
  "é",
  "\n",
  "someone@example.com",
);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(pieces, { maxLength: 12 }).map((each) => each.join("")),
);
const anyNumber = fc.oneof(
  fc.integer({ min: -5, max: 40 }),
  fc.constantFrom(NaN, Infinity, -Infinity, 0.5, -0, 2 ** 53),
);
const span: fc.Arbitrary<Span> = fc.record({
  start: anyNumber,
  end: anyNumber,
  fragment: fc.constant({ type: "emote" as const, id: "25" }),
});

function typesOf(of: string): string[] {
  return splitFragments(of).map(({ type, text: each }) => `${type} ${each}`);
}

describe("a message's id", () => {
  it("is absent where the platform has told none, and never empty", ({ expect }) => {
    for (const id of [undefined, ""]) expect(makeMessage(id, [])).not.toHaveProperty("id");
    expect(makeMessage("m1", []).id).toBe("m1");
    expect(Message.safeParse(makeMessage("", [])).success).toBe(true);
    expect(Message.safeParse({ ...makeMessage("", []), id: "" }).success).toBe(false);
  });

  it("is the event's own at a gateway, where the message has none", ({ expect }) => {
    const event = { id: "k3f9w2ab7q-1" };
    expect(chooseMessageId(event, makeMessage("", []))).toBe(event.id);
    // As in events that were written down before.
    expect(chooseMessageId(event, { ...makeMessage("", []), id: "" })).toBe(event.id);
    expect(chooseMessageId(event, makeMessage("m1", []))).toBe("m1");
  });
});

describe("the fragments of a text", () => {
  it("are the text again when put together, and none is empty", ({ expect }) => {
    fc.assert(
      fc.property(text, (each) => {
        const fragments = splitFragments(each);
        expect(joinFragments(fragments)).toBe(each);
        expect(fragments.filter((fragment) => fragment.text === "")).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("are the text again whatever nonsense a provider marks in it", ({ expect }) => {
    fc.assert(
      fc.property(text, fc.array(span, { maxLength: 6 }), (each, spans) => {
        const fragments = splitAtSpans(each, spans);
        expect(joinFragments(fragments)).toBe(each);
        expect(fragments.every((fragment) => Fragment.safeParse(fragment).success)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("have what was marked, where it was marked, in whatever order it was told", ({ expect }) => {
    const spans = [
      { start: 10, end: 15, fragment: { type: "emote" as const, id: "2" } },
      { start: 0, end: 5, fragment: { type: "emote" as const, id: "1" } },
    ];
    expect(splitAtSpans("Kappa and Keepo!", spans)).toEqual([
      { type: "emote", id: "1", text: "Kappa" },
      { type: "text", text: " and " },
      { type: "emote", id: "2", text: "Keepo" },
      { type: "text", text: "!" },
    ]);
  });

  it("have of two marks that overlap the first", ({ expect }) => {
    const mark = (start: number, end: number): Span => ({
      start,
      end,
      fragment: { type: "emoji" },
    });
    const fragments = splitAtSpans("abcdef", [mark(0, 3), mark(2, 5), mark(3, 4)]);
    expect(fragments.map((each) => [each.type, each.text])).toEqual([
      ["emoji", "abc"],
      ["emoji", "d"],
      ["text", "ef"],
    ]);
  });

  it("have links and mentions between the marks", ({ expect }) => {
    const marks = [{ start: 0, end: 2, fragment: { type: "emoji" as const } }];
    expect(splitAtSpans(":) @ada https://a.example/", marks).map(({ type }) => type)).toEqual([
      "emoji",
      "text",
      "mention",
      "text",
      "link",
    ]);
  });

  it.for([
    ["hi @ada!", ["text hi ", "mention @ada", "text !"]],
    ["@ada @grace", ["mention @ada", "text  ", "mention @grace"]],
    ["(@ada)", ["text (", "mention @ada", "text )"]],
    ["ada@example.com", ["text ada@example.com"]],
    ["@a", ["text @a"]],
    ["@élodie_7", ["mention @élodie_7"]],
    ["see https://a.example/x.", ["text see ", "link https://a.example/x", "text ."]],
    ["(https://a.example/x)", ["text (", "link https://a.example/x", "text )"]],
    ["HTTPS://A.EXAMPLE/", ["link HTTPS://A.EXAMPLE/"]],
    ["https://a.example/@ada", ["link https://a.example/@ada"]],
    ["javascript://a.example", ["text javascript://a.example"]],
    ["https://", ["text https://"]],
    ["", []],
  ] as const)("of %j are %j", ([each, expected], { expect }) => {
    expect(typesOf(each)).toEqual(expected);
  });

  it("have the address of a link beside its text", ({ expect }) => {
    expect(splitFragments("https://a.example/x")).toEqual([
      { type: "link", text: "https://a.example/x", url: "https://a.example/x" },
    ]);
  });
});

it("a plain message is its fragments' text, and nothing special", ({ expect }) => {
  const fragments = splitFragments("hi @ada");
  const plain = makeMessage("m-1", fragments);
  expect(plain).toMatchObject({ id: "m-1", text: "hi @ada", fragments });
  expect([plain.action, plain.highlighted, plain.first]).toEqual([false, false, false]);
  expect(Message.safeParse(plain).success).toBe(true);
});
