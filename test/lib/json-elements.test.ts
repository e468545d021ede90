import {
  array,
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  nat,
  property,
  string,
} from "fast-check";
import { describe, it } from "vitest";

import { NOTHING_READ, readPiece, type Element } from "../../src/lib/json-elements.ts";

/** Reads pieces one after the other. */
function readAll(pieces: readonly string[], maxBytes = 1_000): Element[] {
  let reading = NOTHING_READ;
  return pieces.flatMap((piece) => {
    const next = readPiece(reading, piece, maxBytes);
    ({ reading } = next);
    return next.elements;
  });
}

const textsOf = (elements: readonly Element[]): string[] => elements.map(({ text }) => text);

describe("an array that grows", () => {
  it("gives each object once it is whole, wherever pieces end", ({ expect }) => {
    assert(
      property(
        array(dictionary(string({ unit: "binary" }), jsonValue())),
        array(nat(40)),
        constantFrom("", " ", "\n", "\r\n"),
        (objects, sizes, space) => {
          const text = `[${objects.map((each) => JSON.stringify(each)).join(`,${space}`)}${space}]`;
          const pieces: string[] = [];
          let rest = text;
          for (const size of sizes) {
            pieces.push(rest.slice(0, size));
            rest = rest.slice(size);
          }
          const elements = readAll([...pieces, rest], 1_000_000);
          expect(textsOf(elements)).toEqual(objects.map((each) => JSON.stringify(each)));
        },
      ),
    );
  });

  it("gives an object before the array ends, and by itself", ({ expect }) => {
    expect(textsOf(readAll(['[{"a":1}', ',{"b":']))).toEqual(['{"a":1}']);
    expect(textsOf(readAll(['{"a":', "1}"]))).toEqual(['{"a":1}']);
  });

  it("counts no brace in a string, after an escape or cut in one", ({ expect }) => {
    const pieces = ['[{"a":"}\\', '"}', '{\\\\"', '},{"b":"\\\\\\', '""}]'];
    expect(textsOf(readAll(pieces))).toEqual(['{"a":"}\\"}{\\\\"}', '{"b":"\\\\\\""}']);
  });

  it("gives what is no object as it is, for its reader to refuse", ({ expect }) => {
    expect(textsOf(readAll(["<html> nothing", ' here, {"a":1} 7 ']))).toEqual([
      "<html>",
      "nothing",
      "here",
      '{"a":1}',
      "7",
    ]);
    expect(textsOf(readAll(["]}}}}", '{"a":1}']))).toEqual(["}}}}", '{"a":1}']);
  });

  it("lets go of what is too large, and goes on after it", ({ expect }) => {
    const large = `{"text":"${"}{".repeat(1_000)}"}`;
    const pieces = [
      `[${large.slice(0, 900)}`,
      large.slice(900, 1_500),
      `${large.slice(1_500)},{}]`,
    ];
    const elements = readAll(pieces);
    expect(elements.map(({ isTooLarge }) => isTooLarge)).toEqual([true, false]);
    expect(large.startsWith(elements[0]?.text ?? "-")).toBe(true);
    expect(elements[0]?.text.length).toBeLessThan(300);
    // One that is whole in its piece, and too large in bytes alone.
    expect(readAll([`[{"a":"${"€".repeat(400)}"}]`])[0]?.isTooLarge).toBe(true);
  });

  it("keeps no more than so much, whatever comes", ({ expect }) => {
    let reading = NOTHING_READ;
    for (let count = 0; count < 100; count++) {
      ({ reading } = readPiece(reading, `${count === 0 ? '{"a":"' : ""}${"x".repeat(500)}`, 1_000));
      expect(reading.begun.length).toBeLessThanOrEqual(1_000);
    }
  });
});
