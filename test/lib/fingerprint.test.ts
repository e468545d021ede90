import * as fc from "fast-check";
import { describe, it } from "vitest";

import { computeFingerprint } from "../../src/lib/fingerprint.ts";

describe("a fingerprint", () => {
  // The values its author publishes, for the first seed.
  it.for([
    ["a", 7929297801672961],
    ["b", 8684336938537663],
    ["revenge", 4051478007546757],
    ["revenue", 8309097637345594],
  ] as const)("of %j begins with its cyrb53", ([text, hash], { expect }) => {
    expect(computeFingerprint(text).split(".")[0]).toBe(hash.toString(36));
  });

  it("is the same for the same text, and short", ({ expect }) => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(computeFingerprint(text)).toBe(computeFingerprint(text));
        expect(computeFingerprint(text)).toMatch(/^[0-9a-z]{1,11}\.[0-9a-z]{1,11}$/);
      }),
    );
  });

  it("is another for another text", ({ expect }) => {
    const texts = Array.from({ length: 20_000 }, (_, n) => `{"text":"no. ${n}"}`);
    expect(new Set(texts.map(computeFingerprint)).size).toBe(texts.length);
  });

  it("has two halves that know nothing of each other", ({ expect }) => {
    const halves = Array.from({ length: 1_000 }, (_, n) =>
      computeFingerprint(`no. ${n}`).split("."),
    );
    expect(halves.filter(([first, second]) => first === second)).toEqual([]);
  });
});
