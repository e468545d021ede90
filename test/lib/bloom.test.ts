import { array, assert, property, string } from "fast-check";
import { describe, it } from "vitest";

import { hashWord, makeBloom, mayHold } from "../../src/lib/bloom.ts";
import { decodeHex } from "../../src/lib/hex.ts";

describe("a Bloom filter", () => {
  it("never denies a word that it was made of", () => {
    assert(
      property(array(string({ maxLength: 20 }), { maxLength: 100 }), (words) => {
        const filter = makeBloom(new Set(words));
        return words.every((word) => mayHold(filter, hashWord(word)));
      }),
    );
  });

  it("is wrong about three other words in a hundred at most", ({ expect }) => {
    const filter = makeBloom(new Set(Array.from({ length: 256 }, (_, index) => `id-${index}`)));
    const others = Array.from({ length: 10_000 }, (_, index) => `other-${index}`);
    expect(others.filter((word) => mayHold(filter, hashWord(word))).length).toBeLessThan(300);
  });

  it("is of a bounded size, and denies no word even then", ({ expect }) => {
    const words = Array.from({ length: 50_000 }, (_, index) => `id-${index}`);
    const filter = makeBloom(new Set(words));
    expect(filter.length).toBe(16 * 1024);
    expect(words.every((word) => mayHold(filter, hashWord(word)))).toBe(true);
  });

  it("of nothing holds nothing", ({ expect }) => {
    expect(mayHold(makeBloom(new Set()), hashWord("x"))).toBe(false);
  });
});

describe("hexadecimal digits", () => {
  it("are read as the bytes that they stand for", ({ expect }) => {
    expect([...decodeHex("00fFA0")]).toEqual([0, 255, 160]);
    expect([...decodeHex("")]).toEqual([]);
  });
});
