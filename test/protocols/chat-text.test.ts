import * as fc from "fast-check";
import { describe, it } from "vitest";

import { joinFragments } from "../../src/event/message.ts";
import type { Fragment } from "../../src/event/shapes.ts";
import { ANY_UNIT } from "../../src/event/spans.ts";
import { readAction, readChatText, spansOf, writeAction } from "../../src/protocols/chat-text.ts";

const kappa = { type: "emote" as const, text: "Kappa", id: "25" };
const text = (words: string): Fragment => ({ type: "text", text: words });

describe("/me, as Twitch and whoever passes it on write it", () => {
  it.for([
    ["\u0001ACTION waves\u0001", "waves"],
    ["\u0001ACTION waves", "waves"],
    ["\u0001ACTION  two spaces \u0001", " two spaces "],
    ["\u0001ACTION\u0001", ""],
    ["\u0001ACTION", ""],
    ["\u0001ACTION \u0001", ""],
  ])("is an action without control words: %j", ([said, words], { expect }) => {
    expect(readAction(said ?? "")).toEqual({ text: words, isAction: true });
  });

  it.for(["ACTION waves", "\u0001ACTIONS speak\u0001", "\u0001waves\u0001", "/me waves", ""])(
    "is nothing else: %j",
    (said, { expect }) => {
      expect(readAction(said)).toEqual({ text: said, isAction: false });
    },
  );

  it("is the same again once it was written", ({ expect }) => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (words) => {
        expect(readAction(writeAction(words))).toEqual({ text: words, isAction: true });
      }),
    );
  });

  it.for([
    ["without them", [text("waves "), kappa]],
    ["with them", [text("\u0001ACTION waves "), kappa, text("\u0001")]],
    ["with them in an emote", [text("\u0001ACTION waves "), { ...kappa, text: "Kappa\u0001" }]],
    ["with the first alone", [text("\u0001ACTION "), text("waves "), kappa]],
  ] as const)("keeps the emotes of fragments: %s", ([, fragments], { expect }) => {
    const said = "\u0001ACTION waves Kappa\u0001";
    const spans = spansOf(said, fragments);
    const message = readChatText({ id: "1", text: said, platform: "twitch", spans });
    expect(message).toMatchObject({
      action: true,
      text: "waves Kappa",
      fragments: [text("waves "), kappa],
    });
  });

  it("keeps the emotes at places counted in the words, or in all that came", ({ expect }) => {
    const fragment = { type: "emote" as const, id: "25" };
    for (const [start, said] of [
      [6, "\u0001ACTION -well Kappa 123\u0001"],
      [14, "\u0001ACTION -well Kappa 123\u0001"],
      [8, "\u0001ACTION 😂 -well Kappa 123\u0001"],
      [17, "\u0001ACTION 😂 -well Kappa 123\u0001"],
    ] as const) {
      const spans = [{ start, end: start + 5, fragment }];
      const message = readChatText({
        id: "1",
        text: said,
        platform: "twitch",
        spans,
        units: ANY_UNIT,
      });
      expect(message.fragments.find(({ type }) => type === "emote")?.text, said).toBe("Kappa");
      expect(message.action).toBe(true);
    }
  });

  it("has no control word in its text and its fragments, whatever a provider cut", ({ expect }) => {
    const words = fc
      .string({ unit: "grapheme", maxLength: 20 })
      .filter((each) => !/\p{Cc}/u.test(each));
    const cuts = fc.array(fc.nat({ max: 30 }), { maxLength: 4 });
    fc.assert(
      fc.property(words, cuts, (each, places) => {
        const said = writeAction(each);
        const at = [0, ...places.toSorted((a, b) => a - b), said.length];
        const fragments = at.slice(1).map((end, i): Fragment => {
          const part = said.slice(at[i], end);
          return i % 2 === 0 ? text(part) : { type: "emote", text: part, id: "1" };
        });
        const spans = spansOf(said, fragments);
        const message = readChatText({ id: "1", text: said, platform: "twitch", spans });
        expect(message).toMatchObject({ action: true, text: each });
        expect(joinFragments(message.fragments)).toBe(each);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("an emote of Kick's, written by its id and its name", () => {
  const read = (said: string, platform = "kick") =>
    readChatText({ id: "1", text: said, platform }).fragments;
  const image = "https://files.kick.com/emotes/37226/fullsize";
  const emote = { type: "emote", text: "[emote:37226:KEKW]", id: "37226", image };

  it("is an emote of the text, wherever it stands", ({ expect }) => {
    expect(read("😂 [emote:37226:KEKW]")).toEqual([text("😂 "), emote]);
    expect(read("[emote:37226:KEKW][emote:37226:KEKW]!")).toEqual([emote, emote, text("!")]);
    expect(read("\u0001ACTION [emote:37226:KEKW]\u0001")).toEqual([emote]);
  });

  it("is text where it is none, and on any other platform", ({ expect }) => {
    for (const said of ["[emote:x:KEKW]", "[emote:37226]", "[emote::]", "emote:37226:KEKW"]) {
      expect(read(said)).toEqual([text(said)]);
    }
    expect(read("[emote:37226:KEKW]", "twitch")).toEqual([text("[emote:37226:KEKW]")]);
  });

  it("is looked for in the time that the text's length takes", ({ expect }) => {
    const before = performance.now();
    for (const said of ["[emote:1:", "[emote:1:a]", "[emote:1:a ", "[["]) read(said.repeat(20_000));
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
