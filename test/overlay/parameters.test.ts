import * as fc from "fast-check";
import { describe, it } from "vitest";

import { parameters as chat } from "../../src/overlay/chat/parameters.ts";
import { findNotes } from "../../src/overlay/kit/debug.ts";
import { packParameters } from "../../src/overlay/kit/packing.ts";
import {
  readers,
  readParameters,
  type Parameters,
  type Readers,
} from "../../src/overlay/kit/parameters.ts";
import { readersOfSome } from "../../src/overlay/kit/readers.ts";
import { TABLES } from "./support/tables.ts";

const KINDS: Readers = new Map([
  ...readers,
  ...readersOfSome,
  ["color", (text: string) => (/^#[0-9a-f]{6}$/.test(text) ? text : null)],
  ["language", (text: string) => (/^[a-z]{2}$/.test(text) ? text : null)],
]);

function read(table: Parameters, query: Record<string, string>) {
  const packed = packParameters(table);
  const given = Object.entries(query);
  const settings = readParameters(packed, given, KINDS);
  return { settings, notes: findNotes(packed, given, KINDS) };
}

describe("an overlay's address", () => {
  it("is read by a table that has no words about it", ({ expect }) => {
    expect(packParameters({ limit: { ...chat.limit, was: ["max"] }, emotes: chat.emotes })).toBe(
      "limit|max whole 50 1 200;emotes list platform platform 7tv bttv ffz none",
    );
  });

  it("without parameters has the defaults, and nothing to note", ({ expect }) => {
    for (const table of Object.values(TABLES)) {
      const { settings, notes } = read(table, {});
      const defaults = Object.entries(table).map(([name, { default: value }]) => [name, value]);
      expect(settings).toEqual(Object.fromEntries(defaults));
      expect(notes).toEqual([]);
    }
  });

  it("has the nearest good value for a number out of range, and says so", ({ expect }) => {
    const { settings, notes } = read(chat, { limit: "9999", size: "-3", scale: "0.75", fade: "x" });
    expect(settings).toMatchObject({ limit: 200, size: 12, scale: 0.75, fade: 0 });
    expect(notes).toEqual([
      ["size", "-3", "12"],
      ["limit", "9999", "200"],
      ["fade", "x", "0"],
    ]);
  });

  it("keeps the words that are known of a list, and notes the others", ({ expect }) => {
    const { settings, notes } = read(chat, { emotes: "7tv,nope,bttv", theme: "nope" });
    expect(settings).toMatchObject({ emotes: ["7tv", "bttv"], theme: "plain" });
    expect(notes.map(([name]) => name)).toEqual(["theme", "emotes"]);
  });

  it("names what is no parameter of it", ({ expect }) => {
    expect(read(chat, { css: "body{}", js: "alert(1)" }).notes).toEqual([
      ["css", "body{}", ""],
      ["js", "alert(1)", ""],
    ]);
  });

  it("goes on working under a name that a parameter had", ({ expect }) => {
    const table = { limit: { ...chat.limit, was: ["max"] } } satisfies Parameters;
    expect(read(table, { max: "7" })).toEqual({ settings: { limit: 7 }, notes: [] });
  });

  it("takes on, off and seconds for what moves", ({ expect }) => {
    const of = (animate: string) => read(chat, { animate }).settings;
    expect([of("on"), of("off"), of("5")]).toMatchObject([
      { animate: 0 },
      { animate: -1 },
      { animate: 5 },
    ]);
  });

  it("takes 1, true and yes for on, and 0, false and no for off", ({ expect }) => {
    for (const word of ["on", "1", "true", "yes"])
      expect(read(chat, { demo: word, avatars: word })).toMatchObject({
        settings: { demo: "on", avatars: true },
        notes: [],
      });
    for (const word of ["off", "0", "false", "no"])
      expect(read(chat, { demo: word, badges: word })).toMatchObject({
        settings: { demo: "off", badges: false },
        notes: [],
      });
  });

  it("has no address but https, and an amount with a currency or none", ({ expect }) => {
    const of = (query: Record<string, string>) => read(TABLES["alerts"] ?? {}, query).settings;
    expect(of({ "image.tip": "javascript:alert(1)" })).toMatchObject({ "image.tip": "" });
    expect(of({ "image.tip": "https://a.example/x.png" })).toMatchObject({
      "image.tip": "https://a.example/x.png",
    });
    expect(of({ "min.tip": "5usd" })).toMatchObject({ "min.tip": { value: 5, currency: "USD" } });
    expect(of({ "min.tip": "-5" })).toMatchObject({ "min.tip": { value: 0, currency: "" } });
  });

  it("of any words whatever is read without a throw, into values of the right kind", ({
    expect,
  }) => {
    const words = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom("NaN", "Infinity", "1e99"),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(TABLES)),
        fc.infiniteStream(words),
        (name, stream) => {
          const table = TABLES[name] ?? {};
          const query = Object.keys(table).map(
            (key) => [key, stream.next().value as string] as const,
          );
          const settings = readParameters(packParameters(table), query, KINDS);
          for (const [key, parameter] of Object.entries(table)) {
            const value = settings[key];
            expect(typeof value).toBe(typeof parameter.default);
            if (parameter.kind === "whole" || parameter.kind === "number") {
              const words = Object.values(parameter.words ?? {});
              const isNear = Number(value) >= parameter.min && Number(value) <= parameter.max;
              expect(isNear || words.includes(Number(value))).toBe(true);
            }
          }
        },
      ),
    );
  });

  it("is explained: every parameter has a label, and is named alike wherever it is the same", ({
    expect,
  }) => {
    for (const table of Object.values(TABLES)) {
      for (const [name, parameter] of Object.entries(table)) {
        expect(parameter.label.length, name).toBeGreaterThan(2);
        expect(name).toMatch(/^[a-z]+(\.[a-z]+)?$/);
      }
    }
  });
});
