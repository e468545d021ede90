import * as fc from "fast-check";
import { describe, it } from "vitest";

import { isForModerators } from "../../src/event/catalogue.ts";
import {
  decodeFilter,
  EVERYTHING,
  formatFilterKey,
  isEverything,
  matches,
  parseFilter,
  type Filter,
  type Filterable,
  type FilterWords,
} from "../../src/event/filter.ts";
import { ProviderId } from "../../src/event/ids.ts";
import { EVENT_TYPES } from "../../src/event/schemas.ts";

const PREFIXES = [...new Set(EVENT_TYPES.flatMap(prefixesOf))];
const CUSTOM = ["custom.a", "custom.a.b", "custom.hype", "custom.x.y.z"];

/** Every prefix a type has: `chat.*` and `chat.message.*` of `chat.message.deleted`. */
function prefixesOf(type: string): string[] {
  const words = type.split(".");
  return words.slice(1).map((_, index) => `${words.slice(0, index + 1).join(".")}.*`);
}

const typeWord = fc.constantFrom(
  ...EVENT_TYPES,
  ...PREFIXES,
  ...CUSTOM,
  "custom.*",
  "custom.a.*",
  "*",
);
const words = fc.record({
  types: fc.array(typeWord, { maxLength: 8 }),
  providers: fc.array(fc.constantFrom(...ProviderId.options), { maxLength: 3 }),
  platforms: fc.array(fc.constantFrom("twitch", "youtube", "dlive", "api"), { maxLength: 3 }),
});
const event = fc.record({
  type: fc.constantFrom(...EVENT_TYPES, ...CUSTOM),
  provider: fc.constantFrom(...ProviderId.options),
  platform: fc.constantFrom("twitch", "youtube", "dlive", "api", "kick"),
});

function read(from: FilterWords): Filter {
  const parsed = parseFilter(from);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.filter;
}

/** What a filter's words mean, said as simply as can be. */
function means(
  { types, providers, platforms }: { types: string[]; providers: string[]; platforms: string[] },
  { type, provider, platform }: Filterable,
): boolean {
  const isMeant = (word: string): boolean =>
    word === "*" || word === type || (word.endsWith(".*") && type.startsWith(word.slice(0, -1)));
  return (
    (types.length === 0 || types.some(isMeant)) &&
    (providers.length === 0 || providers.includes(provider)) &&
    (platforms.length === 0 || platforms.includes(platform))
  );
}

describe("a filter", () => {
  it("lets through what its words mean, each of them by itself", ({ expect }) => {
    fc.assert(
      fc.property(words, event, fc.boolean(), (each, happened, forModerators) => {
        const isHeard = forModerators || !isForModerators(happened.type);
        expect(matches({ ...read(each), forModerators }, happened)).toBe(
          isHeard && means(each, happened),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same in whatever order and however often its words are said", ({ expect }) => {
    fc.assert(
      fc.property(words, (each) => {
        const twice = [...each.types.toReversed(), ...each.types];
        const said = ` ${twice.join(" , ")},, `;
        expect(read({ ...each, types: said })).toEqual(read(each));
        expect(formatFilterKey(read({ ...each, types: said }))).toBe(formatFilterKey(read(each)));
      }),
    );
  });

  it("has a normal form that is its own, and names nothing twice", ({ expect }) => {
    fc.assert(
      fc.property(words, (each) => {
        const filter = read(each);
        expect(read(filter)).toEqual(filter);
        for (const list of [filter.types, filter.providers, filter.platforms]) {
          expect(list.every((word, index) => index === 0 || (list[index - 1] ?? "") < word)).toBe(
            true,
          );
        }
        const prefixes = filter.types.filter((type) => type.endsWith(".*"));
        const covered = filter.types.filter((type) =>
          prefixes.some((prefix) => prefix !== type && type.startsWith(prefix.slice(0, -1))),
        );
        // To name these says more than to name their family.
        expect(covered.filter((type) => !isForModerators(type))).toEqual([]);
      }),
    );
  });

  it("has another key for moderators, who hear of more", ({ expect }) => {
    expect(formatFilterKey(EVERYTHING)).not.toBe(formatFilterKey(read({})));
  });

  it("has the same key as another only where it is the same", ({ expect }) => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [one, other] = [read(a), read(b)];
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(formatFilterKey(one) === formatFilterKey(other)).toBe(isSame);
      }),
    );
    expect(formatFilterKey(read({ providers: "api" }))).not.toBe(
      formatFilterKey(read({ platforms: "api" })),
    );
  });

  it.for([{}, { types: "" }, { types: [], providers: null }, { types: " , " }, { types: "*" }])(
    "of no words leaves nothing out: %j",
    (none, { expect }) => {
      expect(parseFilter(none, true)).toEqual({ ok: true, filter: EVERYTHING });
      expect(isEverything(read(none))).toBe(true);
    },
  );

  it("of any word leaves something out", ({ expect }) => {
    const some = [{ types: "chat.*" }, { providers: "api" }, { platforms: "twitch" }];
    expect(some.map((each) => isEverything(read(each)))).toEqual([false, false, false]);
  });

  it("does not take a type for the prefix of another", ({ expect }) => {
    const at = { provider: "api", platform: "api" };
    expect(matches(read({ types: "chat.message" }), { type: "chat.message.deleted", ...at })).toBe(
      false,
    );
    expect(matches(read({ types: "chat.message.*" }), { type: "chat.message", ...at })).toBe(false);
    expect(matches(read({ types: "custom.a.*" }), { type: "custom.ab", ...at })).toBe(false);
  });
});

describe("the words of a filter", () => {
  it.for([
    ["types", "chat.mesage"],
    ["types", "chats.*"],
    ["types", "chat*"],
    ["types", "chat.mess*"],
    ["types", "*.message"],
    ["types", ".*"],
    ["types", "**"],
    ["types", "Chat.message"],
    ["types", "custom"],
    ["types", "custom.A"],
    ["types", "constructor"],
    ["providers", "twitch"],
    ["providers", "*"],
    ["platforms", "Twitch"],
    ["platforms", "a b"],
  ] as const)("are not guessed: %s %j is a problem", ([parameter, word], { expect }) => {
    const parsed = parseFilter({ [parameter]: ["", word] });
    expect(parsed).toEqual({ ok: false, problems: [{ parameter, detail: `unknown: ${word}` }] });
  });

  it("are wrong beside a star as well, and every wrong one is told", ({ expect }) => {
    const decoded = decodeFilter({ types: "*,x,chat.*", providers: "y", platforms: "twitch,Z" });
    expect(decoded).toEqual({
      ok: false,
      problem: "types: unknown: x; providers: unknown: y; platforms: unknown: Z",
    });
    expect(decodeFilter({ types: "chat.*" })).toEqual({
      ok: true,
      value: { types: ["chat.*"], providers: [], platforms: [], forModerators: false },
    });
  });

  it("are repeated in a problem by their beginning only", ({ expect }) => {
    const parsed = parseFilter({ types: "x".repeat(10_000) });
    expect(parsed).toMatchObject({ problems: [{ detail: `unknown: ${"x".repeat(64)}` }] });
  });

  it("are at most sixty-four, repeats not counted", ({ expect }) => {
    const many = Array.from({ length: 64 }, (_, n) => `custom.n${n}`);
    expect(read({ types: [...many, ...many] }).types).toHaveLength(64);
    expect(parseFilter({ types: [...many, "chat.message"] })).toEqual({
      ok: false,
      problems: [{ parameter: "types", detail: "at most 64 entries" }],
    });
  });
});
