import * as fc from "fast-check";
import { describe, it } from "vitest";

import { encodeBase36, encodeBase62, computeChecksum62 } from "../../src/lib/base62.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** How often each character comes of every byte there is. */
function tally(text: string): Set<number> {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return new Set(counts.values());
}

describe.for([
  ["base62", encodeBase62, 62, 248, /^[0-9A-Za-z]*$/],
  ["base36", encodeBase36, 36, 252, /^[0-9a-z]*$/],
] as const)("%s", ([, encode, digits, fair, alphabet]) => {
  it("gives as many characters as are asked for, of its alphabet", ({ expect }) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64, max: 247 }), (bytes) => {
        expect(encode(bytes, 40)).toHaveLength(40);
        expect(encode(bytes, 40)).toMatch(alphabet);
      }),
    );
  });

  it("favours no character: every one comes of equally many bytes", ({ expect }) => {
    const text = encode(EVERY_BYTE, fair);
    expect(new Set(text).size).toBe(digits);
    expect(tally(text)).toEqual(new Set([fair / digits]));
  });

  it("passes over the bytes that would favour some", ({ expect }) => {
    expect(encode(Uint8Array.of(255, 255, 0, 254, 1), 2)).toBe("01");
    expect(() => encode(EVERY_BYTE, fair + 1)).toThrow("too few random bytes");
  });

  it("throws rather than answer with less than was asked for", ({ expect }) => {
    expect(() => encode(Uint8Array.of(1, 2, 3), 4)).toThrow("too few random bytes");
  });
});

describe("the checksum", () => {
  // The check value of CRC-32 is 0xCBF43926 for the digits 1 to 9.
  it("is the CRC-32 of the text, as six digits of base 62", ({ expect }) => {
    const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const number = Array.from(computeChecksum62("123456789")).reduce(
      (sum, digit) => sum * 62 + alphabet.indexOf(digit),
      0,
    );
    expect(number).toBe(0xcbf43926);
    expect(computeChecksum62("")).toBe("000000");
  });

  it("sees every single typing error, and every two letters in the wrong order", ({ expect }) => {
    const key = "trb_8zKqP0aB_f3Hq9LmN2xVtYw7";
    const right = computeChecksum62(key);
    for (let i = 0; i < key.length; i++) {
      const [before, here, after] = [key.slice(0, i), key.charAt(i), key.slice(i + 1)];
      expect(computeChecksum62(`${before}${here === "x" ? "y" : "x"}${after}`)).not.toBe(right);
      const swapped = `${before}${after.charAt(0)}${here}${after.slice(1)}`;
      if (swapped !== key) expect(computeChecksum62(swapped)).not.toBe(right);
    }
  });
});
