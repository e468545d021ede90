import * as fc from "fast-check";
import { describe, it } from "vitest";

import { isIdIn, People, someText } from "../../src/event/people.ts";
import { hashWordsIn as addWordsIn } from "../../src/event/words.ts";
import { hashWord, makeBloom, mayHold, WordList, type HashedWords } from "../../src/lib/bloom.ts";

function hashWordsIn(json: string, field: string | null): HashedWords {
  const list = new WordList();
  addWordsIn(json, field, list);
  return list.take();
}

/** Ids and names as platforms give them, and letters that become others in small. */
const word = fc.oneof(
  fc.stringMatching(/^[\w-]{1,12}$/),
  fc.integer({ min: 0, max: 1e15 }).map(String),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.constantFrom("ÀLICE", "Kelvin-K1", 'a"b\\c', "żółw_77777", "İstanbul"),
);

const text = fc
  .array(word, { minLength: 1, maxLength: 4 })
  .chain((words) =>
    fc.constantFrom(" ", "/", "|", '"', "\n", ":", "é").map((between) => words.join(between)),
  );

const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.constantFrom(null, true, false),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom("id", "name", "userId", "data"), text), tie("value"), {
      maxKeys: 4,
    }),
  ),
})).value;

/** Every word that something is found by: a text in small letters, and the tokens in it. */
function listWords(value: unknown): Set<string> {
  const words = new Set<string>();
  someText(value, (each) => {
    words.add(each.toLowerCase());
    if (each.length < 6) return false;
    for (const token of each.match(/[\w-]{5,}/g) ?? []) words.add(token.toLowerCase());
    return false;
  });
  return words;
}

/** The words as their hashes, in an order of their own. */
function spell(hashes: HashedWords): Set<string> {
  return new Set(
    Array.from({ length: hashes.length / 2 }, (_, at) => `${hashes[2 * at]}.${hashes[2 * at + 1]}`),
  );
}

function spellWords(words: Iterable<string>): Set<string> {
  return new Set([...words].map((each) => hashWord(each).join(".")));
}

describe("the words of a JSON text", () => {
  it("are those of its strings, names and numbers, and no others", ({ expect }) => {
    fc.assert(
      fc.property(data, fc.constantFrom(undefined, 2), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        // What is read is what the text says: zero has no sign in it.
        const words = listWords(JSON.parse(json));
        expect(spell(hashWordsIn(json, null))).toEqual(spellWords(words));
      }),
      { numRuns: 500 },
    );
  });

  it("are those of one field of the outermost object, whatever stands beside it", ({ expect }) => {
    fc.assert(
      fc.property(data, data, fc.constantFrom(undefined, 1), (value, other, indent) => {
        const json = JSON.stringify(
          { id: "beside", more: { data: other }, data: value, at: other },
          null,
          indent,
        );
        const found = spell(hashWordsIn(json, "data"));
        const words = spellWords(listWords((JSON.parse(json) as { data: unknown }).data));
        expect([...words].filter((each) => !found.has(each))).toEqual([]);
        // A name that follows costs nothing to list.
        expect([...found].filter((each) => !words.has(each))).toEqual(
          words.has(hashWord("at").join(".")) ? [] : [hashWord("at").join(".")],
        );
      }),
    );
  });

  it("hold everything by which somebody is found in it", ({ expect }) => {
    fc.assert(
      fc.property(data, word, (value, who) => {
        const json = JSON.stringify(value);
        const filter = makeBloom([hashWordsIn(json, null)]);
        const people = new People();
        people.add({ platform: "twitch", userId: who, names: [who] }, 1);
        const read: unknown = JSON.parse(json);
        const isThere =
          people.isIn(read, "twitch", 1) ||
          someText(read, (each, field) => isIdIn(each, field, (id) => id === who));
        const sought = [who, `twitch:${who}`].map((each) => hashWord(each.toLowerCase()));
        const isHeld = sought.some((each) => mayHold(filter, each));
        expect(isHeld || !isThere).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("are listed of a text that breaks off, and none is waited for", ({ expect }) => {
    const json = JSON.stringify({ name: "somebody", list: [1, "two"] });
    for (let length = 0; length < json.length; length++) {
      expect(() => hashWordsIn(json.slice(0, length), null)).not.toThrow();
    }
  });
});
