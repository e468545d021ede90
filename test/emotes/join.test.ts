import * as fc from "fast-check";
import { describe, it } from "vitest";

import type { Emote } from "../../src/emotes/emote.ts";
import { joinLists, type FoundList } from "../../src/emotes/join.ts";
import { judgeKept, parseKept, FRESH_MS, KEEP_MS } from "../../src/emotes/kept.ts";
import { ACCOUNTS_MAX, EmoteService, findAccounts, listSources } from "../../src/emotes/service.ts";

const NOW = 1_800_000_000_000;

function emote(name: string, id = name): Emote {
  return [name, { u: `https://cdn.7tv.app/emote/${id}/2x.webp`, w: 64, h: 64, z: 0 }];
}

function list(service: EmoteService, ageMs: number | null, ...emotes: Emote[]): FoundList {
  const source = { service, account: null, path: "" };
  if (ageMs === null) return { source, kept: null };
  return { source, kept: { fetchedAt: NOW - ageMs, emotes: emotes.map((each) => [...each]) } };
}

describe("joined lists", () => {
  it("have each name once, of the first list that has it, and every name", ({ expect }) => {
    const lists = fc.array(
      fc.record({
        service: fc.constantFrom(...EmoteService.options),
        names: fc.uniqueArray(fc.constantFrom("a", "b", "__proto__", "constructor", "é", '"'), {
          maxLength: 6,
        }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(lists, (some) => {
        const found = some.map(({ service, names }, index) =>
          list(service, 0, ...names.map((name) => emote(name, `${index}`))),
        );
        const { emotes } = joinLists(found, NOW);
        const read = new Map(Object.entries(JSON.parse(emotes) as Record<string, { u: string }>));
        const all = new Set(some.flatMap(({ names }) => names));
        expect(new Set(read.keys())).toEqual(all);
        for (const name of all) {
          const first = some.findIndex(({ names }) => names.includes(name));
          expect(read.get(name)?.u).toContain(`/${first}/`);
        }
      }),
    );
  });

  it("tell when their oldest part was fetched, what is missing and what is old", ({ expect }) => {
    const joined = joinLists(
      [
        list("7tv", FRESH_MS, emote("a")),
        list("bttv", null),
        list("ffz", 1, emote("b")),
        list("ffz", KEEP_MS, emote("c")),
      ],
      NOW,
    );
    expect(joined).toMatchObject({ missing: ["bttv", "ffz"], stale: ["7tv"] });
    expect(joined.fetchedAt).toBe(new Date(NOW - FRESH_MS).toISOString());
    expect(Object.keys(JSON.parse(joined.emotes) as object)).toEqual(["a", "b"]);
    expect(joinLists([], NOW)).toEqual({ emotes: "{}", fetchedAt: null, missing: [], stale: [] });
  });

  it("have at most ten thousand emotes", ({ expect }) => {
    const many = Array.from({ length: 10_050 }, (_, index) => emote(`${index}`, "a"));
    const joined = joinLists([list("7tv", 0, ...many)], NOW);
    expect(Object.keys(JSON.parse(joined.emotes) as object)).toHaveLength(10_000);
  });
});

describe("a kept list", () => {
  it("is fresh for ten minutes, stands in for a day, and is none of another clock's", ({
    expect,
  }) => {
    const judge = (ageMs: number) => judgeKept({ fetchedAt: NOW - ageMs, emotes: [] }, NOW);
    expect([judge(0), judge(FRESH_MS - 1), judge(FRESH_MS), judge(KEEP_MS - 1)]).toEqual([
      "fresh",
      "fresh",
      "stale",
      "stale",
    ]);
    expect([judge(KEEP_MS), judge(-FRESH_MS), judge(-FRESH_MS - 1), judgeKept(null, NOW)]).toEqual([
      "gone",
      "fresh",
      "gone",
      "gone",
    ]);
  });

  it("that cannot be read is none", ({ expect }) => {
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      '{"fetchedAt":1}',
      '{"fetchedAt":1,"emotes":[["a"]]}',
    ]) {
      expect(parseKept(text)).toBeNull();
    }
    expect(parseKept(JSON.stringify({ fetchedAt: 1, emotes: [emote("a")] }))).not.toBeNull();
  });
});

describe("the accounts of a channel", () => {
  const connection = (platform: string, id?: string) => ({ platform, target: { id } });

  it("are those that its connections tell the ids of, each once and only so many", ({ expect }) => {
    expect(
      findAccounts([
        connection("twitch", "1"),
        connection("dlive", "2"),
        { platform: "twitch", target: null },
        connection("youtube", "UC0123456789012345678901"),
        connection("kick"),
        connection("twitch", "1"),
      ]),
    ).toEqual([
      { platform: "twitch", id: "1" },
      { platform: "youtube", id: "UC0123456789012345678901" },
    ]);
    const many = Array.from({ length: 20 }, (_, index) => connection("twitch", `${index}`));
    expect(findAccounts(many)).toHaveLength(ACCOUNTS_MAX);
  });

  it("have ids of their platform's form, and nothing else gets into an address", ({ expect }) => {
    for (const id of [
      "../x",
      "1?x=1",
      "1/2",
      "%2e",
      "rivermoss",
      "1 ",
      "",
      "1\n",
      "9".repeat(21),
    ]) {
      expect(findAccounts([connection("twitch", id), connection("kick", id)])).toEqual([]);
      expect(findAccounts([connection("youtube", id)])).toEqual([]);
    }
  });

  it("have a list at each service that knows their platform, before that of everybody", ({
    expect,
  }) => {
    const paths = (platform: "twitch" | "youtube" | "kick", service: EmoteService) =>
      listSources(service, [{ platform, id: "1" }]).map(({ path }) => path);
    expect(EmoteService.options.map((service) => paths("twitch", service))).toEqual([
      ["/v3/users/twitch/1", "/v3/emote-sets/global"],
      ["/3/cached/users/twitch/1", "/3/cached/emotes/global"],
      ["/v1/room/id/1", "/v1/set/global"],
    ]);
    expect(EmoteService.options.map((service) => paths("kick", service).length)).toEqual([2, 1, 1]);
    expect(EmoteService.options.map((service) => paths("youtube", service).length)).toEqual([
      2, 2, 2,
    ]);
  });
});
