import * as fc from "fast-check";
import { describe, it } from "vitest";

import { joinFragments, splitAtSpans, splitFragments } from "../../src/event/message.ts";
import type { Fragment } from "../../src/event/shapes.ts";
import { ANY_UNIT, type Span, type TextUnit } from "../../src/event/spans.ts";
import { isBetweenCharacters } from "../../src/lib/characters.ts";

const mark = (start: number, end: number, name?: string): Span => ({
  start,
  end,
  fragment: { type: "emote", id: "1" },
  ...(name !== undefined && { name }),
});
const emotesOf = (fragments: readonly Fragment[]): string[] =>
  fragments.filter(({ type }) => type === "emote").map(({ text }) => text);

/** The places where fragments meet in a text that is theirs in a row. */
function seamsOf(fragments: readonly Fragment[]): number[] {
  let at = 0;
  return fragments.map(({ text }) => (at += text.length));
}

const PIECES = "😂 👩‍🚀 🇩🇪 é e\u0301 สิ 한 日本 Kappa rooCry @ada @สิิช https://a.example/é x \u200d 👍🏽";
const piece = fc.constantFrom(" ", "\r\n", "\ud83d", "\ude02", ...PIECES.split(" "));
const text = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary" }),
);
const units = fc.subarray<TextUnit>([...ANY_UNIT], { minLength: 1 });

describe("a fragment", () => {
  it("never holds half a character, whatever a provider marks in whatever unit", ({ expect }) => {
    const index = fc.integer({ min: -2, max: 60 });
    const spans = fc.array(fc.tuple(index, index), { maxLength: 6 });
    fc.assert(
      fc.property(text, spans, units, (said, places, counted) => {
        const marks = places.map(([start, end]) => mark(start, end));
        const fragments = splitAtSpans(said, marks, { units: counted, shifts: [0, 8] });
        expect(joinFragments(fragments)).toBe(said);
        const cut = seamsOf(fragments).filter((at) => !isBetweenCharacters(said, at));
        expect(cut).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });

  it("never holds half a character where links and mentions are found", ({ expect }) => {
    fc.assert(
      fc.property(text, (said) => {
        const seams = seamsOf(splitFragments(said));
        expect(seams.filter((at) => !isBetweenCharacters(said, at))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("of a mention has the marks of its letters", ({ expect }) => {
    expect(splitFragments("@สวัสดี hi").map((each) => each.text)).toEqual(["@สวัสดี", " hi"]);
    expect(splitFragments("@ne\u0301e!").map((each) => each.text)).toEqual(["@ne\u0301e", "!"]);
  });
});

describe("a place in a text", () => {
  it("is read in the unit in which the named emote stands there", ({ expect }) => {
    const read = (said: string, ...spans: Span[]) =>
      emotesOf(splitAtSpans(said, spans, { units: ANY_UNIT }));
    expect(read("😂😂 rooCry", mark(3, 9))).toEqual(["rooCry"]);
    expect(read("😂😂 rooCry", mark(5, 11))).toEqual(["rooCry"]);
    expect(read("😂😂 rooCry", mark(9, 15))).toEqual(["rooCry"]);
    expect(read("é rooCry ü rooCry", mark(2, 8), mark(11, 17))).toEqual(["rooCry", "rooCry"]);
    expect(read("é rooCry ü rooCry", mark(3, 9), mark(13, 19))).toEqual(["rooCry", "rooCry"]);
    expect(read("😂 [emote:1:a][emote:2:b]", mark(2, 13, "[emote:1:a]"))).toEqual(["[emote:1:a]"]);
    expect(read("😂😂", mark(0, 1), mark(1, 2))).toEqual(["😂", "😂"]);
    expect(read("😂😂", mark(0, 2), mark(2, 4))).toEqual(["😂", "😂"]);
  });

  it("is read in the documented unit where there is one, however it looks", ({ expect }) => {
    const [first] = splitAtSpans("😂 Kappa", [mark(2, 7)], { units: ["code-point"] }).slice(-1);
    expect(first).toMatchObject({ type: "emote", text: "Kappa" });
    expect(emotesOf(splitAtSpans("😂 Kappa", [mark(2, 7)], { units: ["utf-16"] }))).toEqual([
      " Kapp",
    ]);
  });

  it("finds every emote again, in whichever unit it was counted", ({ expect }) => {
    const word = fc.constantFrom("Kappa", "rooCry", "LUL");
    const other = fc.constantFrom("😂", "é", "日本", "👩‍🚀", "hello", "😂😂");
    const parts = fc.array(fc.tuple(fc.boolean(), word, other), { minLength: 1, maxLength: 8 });
    const count: Record<TextUnit, (of: string) => number> = {
      "utf-16": (of) => of.length,
      "code-point": (of) => Array.from(of).length,
      byte: (of) => new TextEncoder().encode(of).length,
    };
    fc.assert(
      fc.property(parts, fc.constantFrom(...ANY_UNIT), (all, unit) => {
        const words = all.map(([isEmote, emote, plain]) => (isEmote ? emote : plain));
        const said = words.join(" ");
        const marks = all.flatMap(([isEmote, emote], at) => {
          const start = count[unit](words.slice(0, at).join(" ") + (at === 0 ? "" : " "));
          return isEmote ? [mark(start, start + emote.length)] : [];
        });
        const emotes = all.flatMap(([isEmote, emote]) => (isEmote ? [emote] : []));
        // Named, there is one reading; by itself a word is found wherever no other stands.
        const named = marks.map((each, at) => ({ ...each, name: emotes[at] ?? "" }));
        expect(emotesOf(splitAtSpans(said, named, { units: ANY_UNIT }))).toEqual(emotes);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is looked for in the time that the text's length takes", ({ expect }) => {
    const said = "👩‍🚀🇩🇪😂e\u0301 ".repeat(4_000);
    const marks = Array.from({ length: 20_000 }, (_, at) => mark(at, at + 7));
    const before = performance.now();
    splitAtSpans(said, marks, { units: ANY_UNIT, shifts: [0, 8] });
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
