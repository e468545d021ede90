import { assert, constantFrom, nat, property, stringMatching, tuple } from "fast-check";
import { describe, it } from "vitest";

import { cleanKey, lookAtKey } from "../../src/console/api/key-form.ts";
import { computeChecksum62 } from "../../src/lib/base62.ts";

const digits = (length: number) => stringMatching(new RegExp(`^[0-9A-Za-z]{${length}}$`));
const keys = tuple(constantFrom("trb", "trbo"), digits(12), digits(32))
  .map(([prefix, id, secret]) => `${prefix}_${id}_${secret}`)
  .map((body) => body + computeChecksum62(body));

describe("a key that is typed", () => {
  it("is known by its check digits, as the relay knows it", ({ expect }) => {
    assert(
      property(keys, (key) => {
        expect(lookAtKey(key)).toBe(key.startsWith("trbo_") ? "overlay" : "key");
      }),
    );
  });

  it("is said to be mistyped with one character off, or cut short", ({ expect }) => {
    assert(
      property(keys, nat({ max: 30 }), digits(1), (key, at, digit) => {
        const place = key.length - 1 - at;
        const wrong = key.slice(0, place) + digit + key.slice(place + 1);
        if (wrong !== key) expect(lookAtKey(wrong)).toBe("mistyped");
        expect(lookAtKey(key.slice(0, -1 - at))).toBe("mistyped");
      }),
    );
  });

  it("is taken out of what is pasted along with it", ({ expect }) => {
    assert(
      property(keys, (key) => {
        for (const pasted of [
          `  ${key}\n`,
          `"${key}"`,
          `Bearer ${key}`,
          `Authorization: Bearer ${key}`,
          `'${key}'`,
        ])
          expect(cleanKey(pasted)).toBe(key);
      }),
    );
  });

  it("is not judged where it may be the admin's, which is any text", ({ expect }) => {
    for (const text of ["a".repeat(64), "trb_admin_secret", "secret"])
      expect(lookAtKey(text)).not.toBe("key");
    expect(lookAtKey("my own secret")).toBe("other");
    expect(lookAtKey("trb_admin_0123")).toBe("other");
    expect(lookAtKey(" ")).toBe("empty");
  });
});
