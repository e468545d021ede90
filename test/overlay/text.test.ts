import * as fc from "fast-check";
import { describe, it } from "vitest";

import { formatAmount } from "../../src/overlay/kit/money.ts";
import { findHost, maskWords, readEmotes, refine } from "../../src/overlay/kit/refine.ts";
import { cleanName, cleanText } from "../../src/overlay/kit/text.ts";

const BIDI = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/;

describe("strangers' words", () => {
  it("lose what turns the direction, has no width or is not seen", ({ expect }) => {
    expect(cleanText("a\u202eb\u2066c\u200bd\ufeffe\u{e0041}f\u0000g\u2060h")).toBe("abcdefgh");
    expect(cleanText("👩\u200d👩\u200d👧 می\u200cخواهم")).toBe("👩\u200d👩\u200d👧 می\u200cخواهم");
    expect(cleanText("a\u200d\u200d\u200db")).toBe("ab");
  });

  it("have at most three marks on a character", ({ expect }) => {
    expect(cleanText(`z${"\u0335".repeat(60)}algo`)).toBe(`z${"\u0335".repeat(3)}algo`);
  });

  it("that are names are seen, or something is instead of them", ({ expect }) => {
    const unseen = [
      undefined,
      "",
      "   ",
      "\u00a0",
      "\u200b\u200d\u2060",
      "\u2800\u3164",
      "\u0301\ufe0f",
    ];
    expect(unseen.map((name) => cleanName(name))).toEqual(unseen.map(() => "Somebody"));
    expect(["~", "7", "あ", "👩\u200d👧", "e\u0301"].map((name) => cleanName(name, "?"))).toEqual([
      "~",
      "7",
      "あ",
      "👩\u200d👧",
      "e\u0301",
    ]);
    expect(cleanName("N".repeat(500))).toBe(`${"N".repeat(60)}…`);
  });

  it("are of one line and bounded, whatever they are", ({ expect }) => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 1_500 }), (text) => {
        const clean = cleanText(text);
        expect(clean.length).toBeLessThanOrEqual(501);
        expect(clean).not.toMatch(BIDI);
        expect(clean).not.toMatch(/[\n\r\u2028\u2029]|\p{M}{4}/u);
      }),
    );
  });

  it("of half a megabyte are cut before anything looks at them", ({ expect }) => {
    const clean = cleanText("W".repeat(500_000));
    expect(clean).toBe(`${"W".repeat(500)}…`);
    expect(cleanText("😀".repeat(600))).toMatch(/^(😀)+…$/u);
  });

  it("are masked as words, and not within others", ({ expect }) => {
    const masked = new Set(["darn"]);
    expect(maskWords("Darn it, darning darn!", masked)).toBe("•••• it, darning ••••!");
  });

  it("that are links are found by their hosts", ({ expect }) => {
    expect(findHost("https://www.example.com/a?b#c")).toBe("example.com");
    expect(findHost("www.example.org")).toBe("example.org");
    expect(findHost("example.gg")).toBe("example.gg");
    expect(findHost("https://user:pw@evil.example/")).not.toBe(null);
    for (const word of ["hello", "3.5", "e.g.", "javascript:alert(1)", "well...ok"]) {
      expect(findHost(word)).toBe(null);
    }
  });

  it("have their emotes looked up word by word, and only in text", ({ expect }) => {
    const emotes = readEmotes({
      emotes: {
        catJAM: { u: "https://cdn.7tv.app/emote/1/2x.webp", z: 0 },
        hat: { u: "https://cdn.7tv.app/emote/2/2x.webp", z: 1 },
        broken: { u: 3 },
        gone: null,
      },
    });
    expect([...emotes.keys()]).toEqual(["catJAM", "hat"]);
    const fragments = [
      { type: "text", text: "so catJAM hat catJAMs" },
      { type: "mention", text: "catJAM" },
    ];
    const refined = refine(fragments, { emotes, masked: new Set(), links: "text" });
    expect(refined.map(({ type, text, over }) => [type, text, over])).toEqual([
      ["text", "so ", undefined],
      ["emote", "catJAM", false],
      ["text", " ", undefined],
      ["emote", "hat", true],
      ["text", " catJAMs", undefined],
      ["mention", "catJAM", undefined],
    ]);
  });

  it("of an answer that is no list of emotes are no emotes", ({ expect }) => {
    for (const answer of [null, {}, [], { emotes: null }, { emotes: "x" }, "x"]) {
      expect(readEmotes(answer).size).toBe(0);
    }
  });

  it("of money are written exactly, and of units with their name", ({ expect }) => {
    const money = (value: string, currency: string, kind = "fiat") =>
      formatAmount({ value, currency, kind }, "en");
    expect(money("4.20", "EUR")).toBe("€4.20");
    expect(money("10.00", "EUR")).toBe("€10");
    expect(money("500", "JPY")).toBe("¥500");
    expect(money("1500", "bits", "virtual")).toBe("1,500 bits");
    expect(money("3", "not a currency")).toBe("3 not a currency");
    expect(money("3", "ZZZ")).toBe("ZZZ\u00a03");
    expect(money("-3.5", "EUR")).toBe("-€3.50");
    expect(money("123456789012345678901234.56", "EUR")).toBe("€123,456,789,012,345,678,901,234.56");
    for (const none of ["", "abc", "NaN", "Infinity", "1e400"]) {
      expect(money(none, "EUR")).not.toMatch(/NaN|∞/);
    }
  });
});
