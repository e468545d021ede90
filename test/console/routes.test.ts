import {
  assert,
  constant,
  constantFrom,
  date,
  oneof,
  property,
  record,
  string,
  stringMatching,
  uniqueArray,
  type Arbitrary,
} from "fast-check";
import { describe, it } from "vitest";

import {
  formatFilter,
  formatRoute,
  NO_FILTER,
  pages,
  readFilter,
  readRoute,
  toQuery,
  type EventFilter,
} from "../../src/console/routes.ts";

const word = stringMatching(/^[a-z][a-z0-9._*-]{0,20}$/);
const words = uniqueArray(word, { maxLength: 5 });
const time = date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) =>
  date.toISOString(),
);
const filters: Arbitrary<EventFilter> = record({
  types: words,
  platforms: words,
  providers: words,
  contains: string({ maxLength: 40, unit: "grapheme" }),
  since: oneof(constant(""), time),
  until: oneof(constant(""), time),
});

describe("an address of the console", () => {
  it("has a filter and gives it back, whatever is in it", ({ expect }) => {
    assert(
      property(filters, (filter) => {
        const query = Object.fromEntries(new URLSearchParams(formatFilter(filter)));
        expect(readFilter(query)).toEqual(filter);
      }),
    );
  });

  it("names a channel and a page, and gives both back", ({ expect }) => {
    const ids = stringMatching(/^[a-z0-9][a-z0-9-]{0,30}$/);
    assert(
      property(ids, constantFrom(...pages), (channel, { id }) => {
        const path = formatRoute(channel, id, "part");
        expect(path).toMatch(/^\/console\/c\/[a-z0-9-]+/);
        expect(readRoute(formatRoute(channel, id))).toEqual({ channel, page: id });
      }),
    );
  });

  it("without a filter has no query, and asks the API for all", ({ expect }) => {
    expect(formatFilter(NO_FILTER)).toBe("");
    expect(Object.values(toQuery(NO_FILTER)).every((each) => each === null)).toBe(true);
  });

  it("opens each page by a letter of its own", ({ expect }) => {
    expect(new Set(pages.map(({ letter }) => letter)).size).toBe(pages.length);
  });
});
