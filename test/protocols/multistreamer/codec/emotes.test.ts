import * as fc from "fast-check";
import { describe, it } from "vitest";

import { findEmotes } from "../../../../src/protocols/multistreamer/codec/emotes.ts";
import { messageIn, sumOf } from "../../support/drafts.ts";
import { draftOf } from "../../support/drive.ts";
import chat from "../frames/chat.json";
import { started } from "../samples.ts";

const WAVE = "http://static-cdn.jtvnw.net/emoticons/v1/90417/1.0";
const TEA = "http://static-cdn.jtvnw.net/emoticons/v1/11/1.0";

const fragments = (text: string, markdown: string | null) =>
  messageIn(draftOf(started().receives({ ...chat.twitch, text, markdown }))).fragments;

describe("the emotes of a message", () => {
  it("markdown has the emotes, and the text has the words", ({ expect }) => {
    const said = messageIn(draftOf(started().receives(chat.twitch)));
    const wave = { type: "emote", text: "millWave", id: "90417", image: WAVE };
    expect(said.text).toBe("millWave hello <b> https://mill.example/a_b millWave");
    expect(said.fragments).toEqual([
      wave,
      { type: "text", text: " hello <b> " },
      { type: "link", text: "https://mill.example/a_b", url: "https://mill.example/a_b" },
      { type: "text", text: " " },
      wave,
    ]);
  });

  it("are found in their order, each behind the one before", ({ expect }) => {
    const text = "tea wave tea";
    const found = findEmotes(text, `![tea](${TEA}) ![wave](${WAVE}) ![tea](${TEA})`);
    expect(found.map(({ start, end }) => [start, end])).toEqual([
      [0, 3],
      [4, 8],
      [9, 12],
    ]);
  });

  it.for([":)", ">(", ":-]", "<3", "R)"])("may be made of marks: %s", (name, { expect }) => {
    const text = `so ${name} now`;
    expect(findEmotes(text, `so ![${name}](${TEA}) now`)).toMatchObject([
      { start: 3, end: 5 + name.length - 2 },
    ]);
  });

  it("are whole words", ({ expect }) => {
    expect(findEmotes("teapot tea", `teapot ![tea](${TEA})`)).toMatchObject([
      { start: 7, end: 10 },
    ]);
    expect(findEmotes("teapot", `![tea](${TEA})`)).toEqual([]);
  });

  it("have no id where their address is of another kind", ({ expect }) => {
    const image = "https://images.example/tea.png";
    const [found] = findEmotes("tea", `![tea](${image})`);
    expect(found?.fragment).toEqual({ type: "emote", image });
  });

  it("a picture whose address somebody typed is no emote", ({ expect }) => {
    const typed = "http://evil.example/p![tea";
    for (const text of [
      // What the server makes of it: a token that begins like an address becomes a link unescaped.
      `${typed}](http://evil.example/pixel.png) tea`,
      `${typed} tea`,
    ]) {
      const markdown = text
        .split(" ")
        .map((token) => (token.startsWith("http") ? `[${token}](${token})` : token))
        .join(" ");
      expect(markdown).toContain("![tea](http");
      expect(fragments(text, markdown).map(({ type }) => type)).not.toContain("emote");
    }
  });

  it("a picture that somebody typed in full is escaped, and is none", ({ expect }) => {
    const text = `![tea](${TEA})`;
    expect(findEmotes(text, "\\!\\[tea\\]\\(http://static\\-cdn")).toEqual([]);
  });

  it("emotes behind letters beyond ASCII are cut in the wrong place", ({ expect }) => {
    // The server counts Twitch's letters as bytes: two late, from here on.
    const text = "é tea now";
    const markdown = `é te![a n](${TEA})ow`;
    expect(fragments(text, markdown)).toEqual([{ type: "text", text }]);
  });

  it("may be missing with the markdown", ({ expect }) => {
    expect(fragments("tea", null)).toEqual([{ type: "text", text: "tea" }]);
  });

  it("never change the words, whatever the markdown says", ({ expect }) => {
    const word = fc.constantFrom(
      "tea",
      "wave",
      "teapot",
      "http://x.example/p![tea",
      "é",
      "![",
      "](",
    );
    const texts = fc.array(word, { maxLength: 8 }).map((all) => all.join(" "));
    const part = fc.oneof(
      word,
      fc.constantFrom(`![tea](${TEA})`, `![wave](${WAVE})`, `![](${TEA})`),
    );
    const markdowns = fc.array(part, { maxLength: 8 }).map((all) => all.join(" "));
    const session = started();
    fc.assert(
      fc.property(texts, markdowns, (text, markdown) => {
        const said = messageIn(draftOf(session.receives({ ...chat.twitch, text, markdown })));
        expect(said.text).toBe(text);
        expect(sumOf(said)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it("cost no more than a look at brackets in thousands", ({ expect }) => {
    for (const markdown of [
      "![".repeat(60_000),
      `![tea](${TEA})`.repeat(2000),
      "![a](http://".repeat(20_000),
    ]) {
      expect(findEmotes("tea".repeat(1000), markdown)).toEqual([]);
    }
  });
});
