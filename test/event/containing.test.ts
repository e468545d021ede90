import { describe, it } from "vitest";

import { makeContains } from "../../src/event/containing.ts";

const said = (data: object): string => JSON.stringify({ id: "e-1", type: "chat.message", data });

describe("words that are looked for", () => {
  const event = said({
    user: { id: "u-77", name: 'Straße "Zoë"', login: "zoe_x", roles: ["moderator"] },
    message: {
      id: "m-1",
      text: "Hello ΟΔΟΣΑ\nworld",
      fragments: [{ type: "text", text: "Hello" }],
    },
  });

  it.for([
    "hello",
    "HELLO",
    "strasse",
    'STRASSE "zoë',
    "οδοσ",
    "ΟΔΟΣ",
    "ZOE_",
    "U-77",
    "m-1",
    "σα\nW",
  ])(
    "are found in what was said, names and ids, whatever their capitals: %j",
    (words, { expect }) => {
      expect(makeContains(words)(event)).toBe(true);
    },
  );

  it.for(["moderator", "chat.message", "e-1", "fragments", "hello world", "\\n"])(
    "are not found in other fields, nor in what JSON is written with: %j",
    (words, { expect }) => {
      expect(makeContains(words)(event)).toBe(false);
    },
  );
});
