import { array, assert, property, string } from "fast-check";
import { describe, it } from "vitest";

import { makeBloom, mayHold } from "../../src/lib/bloom.ts";
import { decodeHex } from "../../src/lib/hex.ts";

describe("a Bloom filter", () => {
  it("never denies a word that it was made of", () => {
    assert(
      property(array(string({ maxLength: 20 }), { maxLength: 100 }), (words) => {
        const filter = makeBloom(new Set(words));
        return words.every((word) => mayHold(filter, word));
      }),
    );
  });

  it("is wrong about one other word in a hundred at most", ({ expect }) => {
    const filter = makeBloom(new Set(Array.from({ length: 256 }, (_, index) => `id-${index}`)));
    const others = Array.from({ length: 10_000 }, (_, index) => `other-${index}`);
    expect(others.filter((word) => mayHold(filter, word)).length).toBeLessThan(150);
  });

  it("of nothing holds nothing", ({ expect }) => {
    expect(mayHold(makeBloom(new Set()), "x")).toBe(false);
  });
});

describe("hexadecimal digits", () => {
  it("are read as the bytes that they stand for", ({ expect }) => {
    expect([...decodeHex("00fFA0")]).toEqual([0, 255, 160]);
    expect([...decodeHex("")]).toEqual([]);
  });
});
