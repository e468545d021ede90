import * as fc from "fast-check";
import { describe, it } from "vitest";

import { isBetweenCharacters, isOneCharacter } from "../../src/lib/characters.ts";

const WHOLE = [
  "a",
  "ß",
  "e\u0301",
  "สิ",
  "कि",
  "한",
  "\u1112\u1161\u11ab",
  "😂",
  "👍🏽",
  "❤️",
  "1️⃣",
  "🇩🇪",
  "👩‍🚀",
  "👨‍👩‍👧‍👦",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "\r\n",
];

const boundariesOf = (text: string): number[] =>
  Array.from({ length: text.length + 1 }, (_, at) => at).filter((at) =>
    isBetweenCharacters(text, at),
  );

/** The places where the runtime's own segmenter says that characters end. */
function endsIn(text: string): number[] {
  const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ index }) => index).concat(text.length);
}

describe("a character", () => {
  it.for(WHOLE)("is cut nowhere: %j", (character, { expect }) => {
    expect(isOneCharacter(character)).toBe(true);
    expect(boundariesOf(character)).toEqual([0, character.length]);
  });

  it("is one however many stand beside it", ({ expect }) => {
    expect(["", "ab", "😂😂", "🇩🇪🇫🇷", "a b", "x".repeat(5_000)].map(isOneCharacter)).toEqual(
      Array(6).fill(false),
    );
  });

  it("ends where Unicode says, in any text of such characters", ({ expect }) => {
    const texts = fc
      .array(fc.constantFrom(...WHOLE, " ", "\n", "Kappa", "@ada", "日本"), { maxLength: 10 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        expect(boundariesOf(text)).toEqual(endsIn(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is looked for outside a text in vain, and never cuts a pair", ({ expect }) => {
    const places = fc.oneof(fc.integer({ min: -3, max: 60 }), fc.constantFrom(NaN, 0.5, Infinity));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), places, (text, at) => {
        if (!isBetweenCharacters(text, at)) return;
        expect(at >= 0 && at <= text.length).toBe(true);
        if (text.isWellFormed()) expect(text.slice(0, at).isWellFormed()).toBe(true);
      }),
    );
  });
});
