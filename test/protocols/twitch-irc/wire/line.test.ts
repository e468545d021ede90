import * as fc from "fast-check";
import { describe, it } from "vitest";

import {
  escapeTag,
  formatLine,
  parseLine,
  splitLines,
  unescapeTag,
  type Line,
} from "../../../../src/protocols/twitch-irc/wire/line.ts";
import {
  formatBadges,
  formatEmotes,
  parseBadges,
  parseEmotes,
} from "../../../../src/protocols/twitch-irc/wire/lists.ts";

const ROOM = "#otterbrook";

describe("a line", () => {
  it("is read with all its parts", ({ expect }) => {
    expect(parseLine("@id=7;mod=1 :ada!ada@ada.tmi.twitch.tv PRIVMSG #otterbrook :hi all")).toEqual(
      {
        tags: { id: "7", mod: "1" },
        prefix: "ada!ada@ada.tmi.twitch.tv",
        command: "PRIVMSG",
        params: [ROOM, "hi all"],
      },
    );
    expect(parseLine("PING :tmi.twitch.tv")).toEqual({
      tags: {},
      prefix: null,
      command: "PING",
      params: ["tmi.twitch.tv"],
    });
    expect(parseLine(":tmi.twitch.tv 353 ada = #otterbrook :ada grace")?.params).toEqual([
      "ada",
      "=",
      ROOM,
      "ada grace",
    ]);
  });

  it("a tag's value has escapes of its own, and one that needs none stands for itself", ({
    expect,
  }) => {
    const tags = parseLine("@a=x\\sy\\:z\\\\\\r\\n;b=\\q\\;c;d=;=e;f=\\ PING")?.tags;
    expect(tags).toEqual({ a: "x y;z\\\r\n", b: "q", c: "", d: "", "": "e", f: "" });
  });

  it("the last parameter may lack its colon, hold colons, and end in spaces", ({ expect }) => {
    const params = (text: string) => parseLine(text)?.params;
    expect(params("CLEARCHAT #otterbrook ada")).toEqual([ROOM, "ada"]);
    expect(params("PRIVMSG #otterbrook ::) a: b  ")).toEqual([ROOM, ":) a: b  "]);
    expect(params("PRIVMSG #otterbrook :")).toEqual([ROOM, ""]);
    expect(params("PRIVMSG   #otterbrook   word ")).toEqual([ROOM, "word"]);
  });

  it("has its tags as own fields, whatever they are called", ({ expect }) => {
    const line = parseLine("@__proto__=x;constructor=y PING");
    expect(Object.entries(line?.tags ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  it.for(["", " ", "@a=b", "@a=b ", ":tmi.twitch.tv", "hello", "12", "1234", "Ping x", "-"])(
    "is none: %j",
    (text, { expect }) => {
      expect(parseLine(text)).toBeNull();
    },
  );

  it("cannot be broken by what is written into it", ({ expect }) => {
    const line: Line = {
      tags: { a: "x\r\nQUIT" },
      prefix: "a\nb",
      command: "PRIVMSG",
      params: [ROOM, "one\r\nQUIT :two\0"],
    };
    expect(splitLines(`${formatLine(line)}\r\n`).lines).toHaveLength(1);
  });
});

// What may stand at each place of a line.
const word = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .map((text) => text.replace(/[\s\0:]/g, "_"));
const key = fc.stringMatching(/^[a-z][a-z-]{0,15}$/);
const trailing = fc
  .string({ unit: "grapheme", maxLength: 60 })
  .map((text) => text.replace(/[\r\n\0]/g, ""));
const line: fc.Arbitrary<Line> = fc.record({
  tags: fc.dictionary(key, fc.string({ unit: "binary", maxLength: 20 }).map(withoutNul)),
  prefix: fc.option(word),
  command: fc.constantFrom("PRIVMSG", "CLEARMSG", "001", "353", "X"),
  params: fc
    .tuple(fc.array(word, { maxLength: 4 }), fc.option(trailing))
    .map(([words, last]) => (last === null ? words : [...words, last])),
});

function withoutNul(text: string): string {
  return text.replaceAll("\0", "");
}

describe("whatever is written", () => {
  it("is read as what it was made of", ({ expect }) => {
    fc.assert(
      fc.property(line, (each) => {
        expect(parseLine(formatLine(each))).toEqual(each);
      }),
    );
  });

  it("of a tag is read as it was, and breaks no line", ({ expect }) => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(unescapeTag(escapeTag(text))).toBe(text);
        expect(escapeTag(text)).not.toMatch(/[; \r\n]/);
      }),
    );
  });

  it("in lines is read whole, wherever the frames are cut", ({ expect }) => {
    const frames = fc.tuple(fc.array(line, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(400)));
    fc.assert(
      fc.property(frames, ([lines, cuts]) => {
        const text = lines.map((each) => `${formatLine(each)}\r\n`).join("");
        const places = [0, ...cuts.filter((cut) => cut < text.length), text.length];
        const parts = places
          .toSorted((a, b) => a - b)
          .map((place, index, all) => text.slice(place, all[index + 1] ?? place));
        let rest = "";
        const read = parts.flatMap((part) => {
          const cut = splitLines(rest + part);
          rest = cut.rest;
          return cut.lines;
        });
        expect([rest, read.map(parseLine)]).toEqual(["", lines]);
      }),
    );
  });
});

const places = fc.array(
  fc.record({
    id: fc.stringMatching(/^[a-zA-Z0-9_]{1,12}$/),
    first: fc.nat(499),
    last: fc.nat(499),
  }),
  { maxLength: 20 },
);

describe("the lists in tags", () => {
  it("of emotes are read as they were written, those of one id together", ({ expect }) => {
    fc.assert(
      fc.property(places, (each) => {
        const read = parseEmotes(formatEmotes(each));
        const ids = [...new Set(each.map(({ id }) => id))];
        expect(read).toEqual(ids.flatMap((id) => each.filter((one) => one.id === id)));
        expect(parseEmotes(formatEmotes(read))).toEqual(read);
      }),
    );
  });

  it("of badges are read as they were written, slashes and all", ({ expect }) => {
    const badge = fc.record({
      set: fc.stringMatching(/^[a-z0-9_-]{1,12}$/),
      version: fc.stringMatching(/^[^,]{0,12}$/),
    });
    fc.assert(
      fc.property(fc.array(badge, { maxLength: 8 }), (badges) => {
        expect(parseBadges(formatBadges(badges))).toEqual(badges);
      }),
    );
  });

  it("pass over what is none", ({ expect }) => {
    expect(parseBadges("subscriber24,/1,moderator/1,")).toEqual([
      { set: "moderator", version: "1" },
    ]);
    expect(parseEmotes("25/:0-4/25:x-4,0-,8-12/30:")).toEqual([{ id: "25", first: 8, last: 12 }]);
  });
});
