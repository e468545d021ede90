import * as fc from "fast-check";
import { describe, it } from "vitest";

import { decodeAnswer } from "../../src/emotes/answer.ts";
import { Picture } from "../../src/emotes/emote.ts";
import { EmoteService, listSources, type EmoteSource } from "../../src/emotes/service.ts";
import { writeList, writeUnknown, type Made } from "../emulators/emotes/lists.ts";

const ACCOUNTS = [
  { platform: "twitch", id: "1" },
  { platform: "youtube", id: "UC0123456789012345678901" },
  { platform: "kick", id: "2" },
] as const;

const SOURCES: readonly EmoteSource[] = EmoteService.options.flatMap((service) =>
  listSources(service, ACCOUNTS),
);
const nameOf = ({ service, account }: EmoteSource): string =>
  `${service}, ${account?.platform ?? "everybody"}`;
const CASES = SOURCES.map((source) => [nameOf(source), source] as const);

function read(source: EmoteSource, value: unknown, status = 200) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return decodeAnswer(source, { status, text, isWhole: true });
}

/** The emotes that are read of what a service has of these. */
function readMade({ service, account }: EmoteSource, ...made: Made[]) {
  const list = writeList(service, account?.id ?? null, made);
  const decoded = read({ service, account, path: "" }, list);
  return decoded.ok ? Object.fromEntries(decoded.value) : decoded.problem;
}

function sourceOf(service: EmoteService, account = true): EmoteSource {
  return { service, account: account ? ACCOUNTS[0] : null, path: "" };
}

const PICTURES =
  /^https:\/\/cdn\.(7tv\.app\/emote|betterttv\.net\/emote|frankerfacez\.com)\/[\w./-]+$/;

describe("an answer of a service", () => {
  it.for(CASES)("is read in its real shape: %s", ([, source], { expect }) => {
    const read = readMade(source, { name: "Still" }, { name: "Moves", moves: true });
    expect(read).toMatchObject({ Still: { z: 0 }, Moves: { z: 0 } });
    const { Still, Moves } = read as Record<string, Picture>;
    expect([Still?.s, typeof Moves?.s]).toEqual([undefined, "string"]);
  });

  it.for(CASES)(
    "never throws, and gives addresses of the service's pictures only: %s",
    ([, source], { expect }) => {
      const real = JSON.stringify(
        writeList(source.service, source.account?.id ?? null, [{ name: "A", moves: true }]),
      );
      const odd = fc.oneof(
        fc.json({ maxDepth: 4 }),
        fc.string({ maxLength: 200 }),
        // A real answer with something else in the place of something.
        fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })).map(([place, other]) => {
          let left = place % 60;
          return JSON.stringify(JSON.parse(real), (_name, value: unknown) => {
            left -= 1;
            return left === 0 ? other : value;
          });
        }),
      );
      const status = fc.constantFrom(200, 204, 301, 404, 429, 500);
      fc.assert(
        fc.property(odd, status, (text, code) => {
          const decoded = read(source, text, code);
          if (!decoded.ok) return;
          for (const [name, picture] of decoded.value) {
            expect(name).toMatch(/^\S+$/);
            expect(Picture.strict().safeParse(picture).success).toBe(true);
            for (const address of [picture.u, picture.s ?? picture.u]) {
              expect(address).toMatch(PICTURES);
            }
          }
        }),
      );
    },
  );

  it.for(CASES)(
    "that has become another format is a problem, no empty list: %s",
    ([, source], { expect }) => {
      const { service, account } = source;
      const real = JSON.stringify(writeList(service, account?.id ?? null, [{ name: "A" }]));
      for (const part of [
        "name",
        "code",
        "emotes",
        "data",
        "sets",
        "channelEmotes",
        "urls",
        "emoticons",
      ]) {
        const other = real.replaceAll(`"${part}":`, `"new_${part}":`);
        const isLeft = other === real || (part === "name" && service === "bttv");
        expect([part, read(source, other).ok]).toEqual([
          part,
          isLeft || (part === "name" && !real.includes('"name":"A"')),
        ]);
      }
      expect(read(source, {}).ok).toBe(false);
      expect(read(source, []).ok).toBe(service === "bttv" && account === null);
      expect(read(source, { error: "broken" }).ok).toBe(false);
    },
  );

  it.for(CASES)(
    "that the account is not known is an empty list, and of no account a problem: %s",
    ([, source], { expect }) => {
      const decoded = read(source, writeUnknown(source.service), 404);
      expect(decoded.ok).toBe(source.account !== null);
      for (const other of [
        { error: "Not Found" },
        { message: "Not Found" },
        "<html>user</html>",
        [],
      ]) {
        expect(read(source, other, 404).ok).toBe(false);
      }
    },
  );

  it("that is not whole, or of more entries than are taken, is bounded", ({ expect }) => {
    const source = sourceOf("bttv", false);
    const entry = { id: "a1", code: "A", imageType: "png" };
    const text = JSON.stringify(
      Array.from({ length: 6_000 }, (_, n) => ({ ...entry, code: `A${n}` })),
    );
    expect(decodeAnswer(source, { status: 200, text, isWhole: false }).ok).toBe(false);
    const decoded = decodeAnswer(source, { status: 200, text, isWhole: true });
    expect(decoded.ok && decoded.value.length).toBe(5_000);
  });
});

describe("7TV", () => {
  const source = sourceOf("7tv");
  const entryOf = (made: Made): Record<string, object> =>
    (writeList("7tv", null, [made]) as { emotes: [Record<string, object>] }).emotes[0];
  const readEntry = (entry: unknown) => {
    const decoded = read(source, {
      id: "1",
      emote_set: { emotes: [entryOf({ name: "B" }), entry] },
    });
    return decoded.ok ? decoded.value.slice(1) : decoded.problem;
  };

  it("has an account without a set, and a set without emotes", ({ expect }) => {
    for (const set of [{}, { emote_set: null }, { emote_set: { id: "s", emote_count: 0 } }]) {
      expect(read(source, { id: "1", ...set })).toEqual({ ok: true, value: [] });
    }
  });

  it("calls an emote what its set does, and not what its maker did", ({ expect }) => {
    expect(readMade(source, { name: "Mine" })).toHaveProperty("Mine");
    expect(readMade(source, { name: "Mine" })).not.toHaveProperty("MineOriginal");
  });

  it("takes the size nearest to twice that of chat, and leaves out what has no picture", ({
    expect,
  }) => {
    const entry = entryOf({ name: "A", width: 39 });
    const files = (...names: string[]) => ({
      ...entry,
      data: {
        ...entry["data"],
        host: { files: names.map((name) => ({ name, width: 10, height: 20 })) },
      },
    });
    expect(readEntry(entry)).toMatchObject([["A", { w: 78, h: 64 }]]);
    expect(readEntry(files("4x.webp", "1x.webp"))).toMatchObject([
      ["A", { u: expect.stringMatching(/\/1x\.webp$/) as string, w: 10, h: 20 }],
    ]);
    expect(readEntry(files("2x.avif"))).toEqual([]);
    expect(readEntry(files())).toEqual([]);
    expect(readEntry({ ...entry, id: "../../evil" })).toEqual([]);
  });
});

describe("BetterTTV", () => {
  const source = sourceOf("bttv");

  it("has those that an account was lent beside its own", ({ expect }) => {
    const made = ["a", "b", "c"].map((name) => ({ name }));
    expect(Object.keys(readMade(source, ...made))).toEqual(["a", "b", "c"]);
  });

  it("tells no width of those that are 28 wide, and at twice the size they have 56", ({
    expect,
  }) => {
    expect(readMade(source, { name: "A" }, { name: "B", width: 40 })).toMatchObject({
      A: { w: 56, h: 56 },
      B: { w: 80, h: 56 },
    });
  });

  it("has modifiers among its emotes, which are no pictures", ({ expect }) => {
    const list = [
      { id: "a1", code: "w!", imageType: "png", modifier: true },
      { id: "a2", code: "A", imageType: "gif" },
    ];
    const decoded = read(sourceOf("bttv", false), list);
    expect(decoded.ok && decoded.value).toMatchObject([
      ["A", { s: "https://cdn.betterttv.net/emote/a2/static/2x.webp" }],
    ]);
  });

  it("lays its eight hats over others, where they are everybody's", ({ expect }) => {
    expect(readMade(sourceOf("bttv", false), { name: "TopHat" })).toMatchObject({
      TopHat: { z: 1 },
    });
    expect(readMade(source, { name: "TopHat" })).toMatchObject({ TopHat: { z: 0 } });
  });
});

describe("FrankerFaceZ", () => {
  const source = sourceOf("ffz");
  const readEntry = (change: object) => {
    const list = writeList("ffz", "1", [{ name: "A" }]) as {
      sets: Record<string, { emoticons: [object] }>;
    };
    const [entry] = list.sets["5"]?.emoticons ?? [{}];
    list.sets["5"] = { emoticons: [{ ...entry, ...change }] };
    const decoded = read(source, list);
    return decoded.ok ? decoded.value.map(([, picture]) => picture) : decoded.problem;
  };

  it("gives some people more than everybody has", ({ expect }) => {
    expect(readMade(sourceOf("ffz", false), { name: "A" })).not.toHaveProperty("ForSomeOnly");
  });

  it("tells the size of the smallest picture, and has only that one for certain", ({ expect }) => {
    expect(readEntry({ width: 33, height: 30 })).toMatchObject([{ w: 66, h: 60 }]);
    const urls = { 1: "//cdn.frankerfacez.com/emote/9/1" };
    expect(readEntry({ urls, width: 33 })).toMatchObject([
      { u: "https://cdn.frankerfacez.com/emote/9/1", w: 33 },
    ]);
  });

  it("has its pictures on one host, and what says another is left out", ({ expect }) => {
    for (const address of [
      "https://cdn.frankerfacez.com.evil.example/emote/9/1",
      "https://user@cdn.frankerfacez.com/emote/9/1",
      "http://cdn.frankerfacez.com/emote/9/1",
      "javascript:alert(1)",
      "https://cdn.frankerfacez.com/emote/9/1?x=1",
      7,
    ]) {
      expect(readEntry({ urls: { 1: address } })).toEqual([]);
    }
  });

  it("hides some, and lays modifiers that are pictures over others", ({ expect }) => {
    expect(readEntry({ hidden: true })).toEqual([]);
    expect(readEntry({ modifier: true, modifier_flags: 1 })).toEqual([]);
    expect(readEntry({ modifier: true, modifier_flags: 0 })).toMatchObject([{ z: 1 }]);
  });
});
