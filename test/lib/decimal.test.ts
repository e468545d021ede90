import * as fc from "fast-check";
import { describe, it } from "vitest";

import { divideByTen, multiplyByWhole, toDecimal } from "../../src/lib/decimal.ts";

const decimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.nat({ max: 20 }))
  .map(([isNegative, digits, places]) => {
    const text = digits.toString().padStart(places + 1, "0");
    const whole = text.slice(0, text.length - places);
    const sign = isNegative ? "-" : "";
    return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-places)}`;
  });

/** A decimal as so many parts of 10^60: exact for all that is made here. */
function parts(text: string): bigint {
  const [, sign, whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const size = BigInt(whole + fraction.padEnd(60, "0"));
  return sign === "-" ? -size : size;
}

const TIDY = /^(?:0|-?(?:[1-9]\d*|0(?=\.))(?:\.\d*[1-9])?)$/;

describe("a decimal", () => {
  it("is moved past the point exactly", ({ expect }) => {
    fc.assert(
      fc.property(decimal, fc.nat({ max: 18 }), (value, places) => {
        const moved = divideByTen(value, places) ?? "";
        expect(parts(moved) * 10n ** BigInt(places)).toBe(parts(value));
        expect(moved).toMatch(TIDY);
      }),
    );
  });

  it("is multiplied exactly, whatever the signs", ({ expect }) => {
    fc.assert(
      fc.property(decimal, fc.maxSafeInteger(), (value, factor) => {
        const product = multiplyByWhole(value, factor) ?? "";
        expect(parts(product)).toBe(parts(value) * BigInt(factor));
        expect(product).toMatch(TIDY);
      }),
    );
  });

  it.for([
    ["250000", 5, "2.5"],
    ["1", 6, "0.000001"],
    ["0", 6, "0"],
    ["-0.00", 0, "0"],
    ["007.50", 0, "7.5"],
    ["1560812097380375004", 6, "1560812097380.375004"],
  ] as const)("%s divided by ten %i times is %s", ([value, places, expected], { expect }) => {
    expect(divideByTen(value, places)).toBe(expected);
  });

  it.for(["", ".5", "5.", "1e3", "0x10", "1 000", "--1", "+1", "NaN", "１"])(
    "is not %j",
    (text, { expect }) => {
      expect(divideByTen(text, 1)).toBeNull();
      expect(multiplyByWhole(text, 2)).toBeNull();
      expect(toDecimal(text)).toBeNull();
    },
  );
});

describe("what a provider gives as an amount", () => {
  it("keeps the value of every number, without an exponent", ({ expect }) => {
    const numbers = fc.double({ noNaN: true, min: -1e20, max: 1e20 });
    fc.assert(
      fc.property(numbers, (number) => {
        const text = toDecimal(number) ?? "";
        expect(Number(text) === number).toBe(true);
        expect(text).toMatch(TIDY);
      }),
    );
  });

  it.for([
    [" 4.20 ", "4.2"],
    ["1,234.50", "1234.5"],
    ["1,234,567", "1234567"],
    ["1,00,000.00", "100000"],
    [1e-7, "0.0000001"],
    [1.5e-30, "0.0000000000000000000000000000015"],
    [5, "5"],
  ] as const)("%j is %s", ([given, expected], { expect }) => {
    expect(toDecimal(given)).toBe(expected);
  });

  it.for(["4,20", "1,2", ",123", "1,,234", "12,34"])(
    "is unknown rather than wrong where a comma may be a decimal point: %j",
    (text, { expect }) => {
      expect(toDecimal(text)).toBeNull();
    },
  );

  it.for([NaN, Infinity, 1e21, null, undefined, {}, [], true])(
    "is unknown for %s",
    (value, { expect }) => {
      expect(toDecimal(value)).toBeNull();
    },
  );
});
