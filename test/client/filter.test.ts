import * as fc from "fast-check";
import { describe, it } from "vitest";

import { matches, unite, type Lists } from "../../src/client/filter.ts";
import { isAfter, positionAt, seqOf } from "../../src/client/place.ts";
import * as theirs from "../../src/event/filter.ts";
import { formatPosition, parsePosition } from "../../src/event/position.ts";

const TYPES = ["chat.message", "chat.cleared", "channel.tip", "custom.poll", "stream.online"];
const type = fc.constantFrom(...TYPES);
const pattern = fc.constantFrom(...TYPES, "chat.*", "channel.*", "custom.*", "*");
const list = (one: fc.Arbitrary<string>): fc.Arbitrary<string[]> => fc.array(one, { maxLength: 3 });
const provider = fc.constantFrom("dlive", "restream", "api");
const platform = fc.constantFrom("twitch", "dlive");
const filter: fc.Arbitrary<Lists> = fc.record({
  types: list(pattern),
  providers: list(provider),
  platforms: list(platform),
});
const event = fc.record({ type, provider, platform });

describe("the client's filter", () => {
  it("lets through what the relay's lets through", ({ expect }) => {
    fc.assert(
      fc.property(filter, event, (lists, each) => {
        const parsed = theirs.parseFilter(lists);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
        expect(matches(lists, each)).toBe(theirs.matches(parsed.filter, each));
      }),
    );
  });

  it("of several lets through whatever one of them does", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(filter, { minLength: 1, maxLength: 4 }), event, (filters, each) => {
        if (filters.some((one) => matches(one, each))) {
          expect(matches(unite(filters), each)).toBe(true);
        }
      }),
    );
  });

  it("of more types than the relay takes is all of them", ({ expect }) => {
    const types = Array.from({ length: 70 }, (_, index) => `custom.a${index}`);
    expect(unite([{ types, providers: [], platforms: [] }]).types).toEqual([]);
  });
});

describe("the client's places", () => {
  it("are read and ordered as the relay's", ({ expect }) => {
    const seq = fc.nat(2 ** 40);
    fc.assert(
      fc.property(seq, seq, (a, b) => {
        const position = formatPosition("abcdefghij", a);
        expect(positionAt("abcdefghij", a)).toBe(position);
        expect(seqOf(position)).toBe(parsePosition(position)?.seq);
        expect(isAfter(position, formatPosition("abcdefghij", b))).toBe(a > b);
      }),
    );
  });
});
