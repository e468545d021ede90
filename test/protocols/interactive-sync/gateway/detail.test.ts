import * as fc from "fast-check";
import { describe, it } from "vitest";

import { toDump } from "../../../../src/protocols/interactive-sync/gateway/validation-dump.ts";
import { readInterface } from "../../../../src/protocols/interactive-sync/wire/interface.ts";
import { Room } from "../room.ts";

const config = { transparent: false, ripple: true };
const panel = (...components: unknown[]) => ({ id: "1", panel: { components } });
const button = (more: object = {}) => ({ type: "button", name: "open-door", ...more });
const window = (...components: unknown[]) => panel(button({ extension: { components } }));
const style = (entries: object) => ({ id: "1", panel: { style: entries } });
const nine = Object.fromEntries(
  [
    "color",
    "width",
    "height",
    "margin",
    "padding",
    "display",
    "position",
    "fontSize",
    "cursor",
  ].map((property) => [property, "1"]),
);

/** What is told of an interface, as it goes over the wire. */
function told(given: unknown): unknown {
  return JSON.parse(JSON.stringify(toDump(given)));
}

describe("a fault of an interface", () => {
  it("what is wrong with an interface is told as the real server's validator dumps it", ({
    expect,
  }) => {
    const data = { id: "1", panel: { components: [{ type: "button" }] } };
    const [frame] = new Room().game().shows(data).hears();
    expect(frame).toEqual({
      status: "warning",
      context: "message",
      message: "JSON received is invalid ; message is ignored.",
      data: {
        // What comes before the fault has been normalised by then.
        value: { ...data, config },
        error: {
          _original: data,
          details: [
            {
              message: '"panel.components[0].name" is required',
              path: ["panel", "components", 0, "name"],
              type: "any.required",
              context: { label: "panel.components[0].name", key: "name" },
            },
          ],
        },
      },
    });
  });

  it.for([
    ["no id", { panel: {} }, "any.required", '"id" is required', { label: "id", key: "id" }],
    [
      "an empty id",
      { id: "" },
      "string.empty",
      '"id" is not allowed to be empty',
      { label: "id", value: "", key: "id" },
    ],
    [
      "an id that is a number",
      { id: 7 },
      "string.base",
      '"id" must be a string',
      { label: "id", value: 7, key: "id" },
    ],
    [
      "an id with a dash",
      { id: "a-b" },
      "string.alphanum",
      '"id" must only contain alpha-numeric characters',
      { label: "id", value: "a-b", key: "id" },
    ],
    [
      "an id of 65",
      { id: "a".repeat(65) },
      "string.max",
      '"id" length must be less than or equal to 64 characters long',
      { limit: 64, value: "a".repeat(65), label: "id", key: "id" },
    ],
    [
      "a key that nobody knows",
      { id: "1", theme: 1 },
      "object.unknown",
      '"theme" is not allowed',
      { child: "theme", label: "theme", value: 1, key: "theme" },
    ],
    [
      "a theme that nobody knows",
      { id: "1", config: { forceTheme: "dusk" } },
      "any.only",
      '"config.forceTheme" must be one of [light, dark]',
      {
        valids: ["light", "dark"],
        label: "config.forceTheme",
        value: "dusk",
        key: "forceTheme",
      },
    ],
    [
      "a flag that is none",
      { id: "1", config: { ripple: "yes" } },
      "boolean.base",
      '"config.ripple" must be a boolean',
      { label: "config.ripple", value: "yes", key: "ripple" },
    ],
    [
      "a view that is a list",
      { id: "1", mobile: [] },
      "object.base",
      '"mobile" must be of type object',
      { type: "object", label: "mobile", value: [], key: "mobile" },
    ],
    [
      "components that are none",
      { id: "1", panel: { components: {} } },
      "array.base",
      '"panel.components" must be an array',
      { label: "panel.components", value: {}, key: "components" },
    ],
    [
      "no components at all",
      panel(),
      "array.min",
      '"panel.components" must contain at least 1 items',
      { limit: 1, value: [], label: "panel.components", key: "components" },
    ],
    [
      "a name that begins with a digit",
      panel(button({ name: "1st" })),
      "string.pattern.base",
      '"panel.components[0].name" with value "1st" fails to match the required pattern: /^[A-Za-z][\\w\\-:.]*$/',
      { regex: {}, value: "1st", label: "panel.components[0].name", key: "name" },
    ],
    [
      "a type that nobody knows",
      panel({ type: "slider" }),
      "any.only",
      '"panel.components[0].type" must be one of [title, button, image, text]',
      {
        valids: ["title", "button", "image", "text"],
        label: "panel.components[0].type",
        value: "slider",
        key: "type",
      },
    ],
    [
      "an image of 130 bytes",
      panel({ type: "image", src: "é".repeat(65) }),
      "string.max",
      '"panel.components[0].src" length must be less than or equal to 128 characters long',
      {
        limit: 128,
        value: "é".repeat(65),
        encoding: "utf8",
        label: "panel.components[0].src",
        key: "src",
      },
    ],
    [
      "a cooldown as text, and too short",
      panel(button({ cooldown: { duration: "2999" } })),
      "number.min",
      '"panel.components[0].cooldown.duration" must be greater than or equal to 3000',
      {
        limit: 3000,
        value: 2999,
        label: "panel.components[0].cooldown.duration",
        key: "duration",
      },
    ],
    [
      "a cooldown that is no number",
      panel(button({ cooldown: { duration: "long" } })),
      "number.base",
      '"panel.components[0].cooldown.duration" must be a number',
      { label: "panel.components[0].cooldown.duration", value: "long", key: "duration" },
    ],
    [
      "nine styles",
      style(nine),
      "object.max",
      '"panel.style" must have less than or equal to 8 keys',
      { limit: 8, value: nine, label: "panel.style", key: "style" },
    ],
    [
      "a style that nobody knows",
      style({ content: "x" }),
      "object.unknown",
      '"panel.style.content" is not allowed',
      { child: "content", label: "panel.style.content", value: "x", key: "content" },
    ],
    [
      "a style that is neither text nor number",
      style({ width: true }),
      "alternatives.types",
      '"panel.style.width" must be one of [string, number]',
      { types: ["string", "number"], label: "panel.style.width", value: true, key: "width" },
    ],
    [
      "a style beyond 10000",
      style({ width: 10_001 }),
      "number.max",
      '"panel.style.width" must be less than or equal to 10000',
      { limit: 10_000, value: 10_001, label: "panel.style.width", key: "width" },
    ],
    [
      "a style of 130 bytes",
      style({ color: "é".repeat(65) }),
      "string.max",
      '"panel.style.color" length must be less than or equal to 128 characters long',
      {
        limit: 128,
        value: "é".repeat(65),
        encoding: "utf8",
        label: "panel.style.color",
        key: "color",
      },
    ],
    [
      "nothing to choose from",
      window({ type: "radio", name: "colour", template: "classic", values: {} }),
      "object.min",
      '"panel.components[0].extension.components[0].values" must have at least 1 key',
      {
        limit: 1,
        value: {},
        label: "panel.components[0].extension.components[0].values",
        key: "values",
      },
    ],
    [
      "a choice with a dash in its key",
      window({ type: "radio", name: "colour", template: "classic", values: { "a-b": "x" } }),
      "object.unknown",
      '"panel.components[0].extension.components[0].values.a-b" is not allowed',
      {
        child: "a-b",
        label: "panel.components[0].extension.components[0].values.a-b",
        value: "x",
        key: "a-b",
      },
    ],
    [
      "two of one name",
      panel(button(), button({ label: "Again" })),
      "array.unique",
      '"panel.components[1]" contains a duplicate value',
      {
        pos: 1,
        value: button({ label: "Again" }),
        dupePos: 0,
        dupeValue: button(),
        path: "name",
        label: "panel.components[1]",
        key: 1,
      },
    ],
    [
      "two without a name",
      panel({ type: "title", label: "One" }, { type: "title", label: "Two" }),
      "array.unique",
      '"panel.components[1]" contains a duplicate value',
      {
        pos: 1,
        value: { type: "title", label: "Two" },
        dupePos: 0,
        dupeValue: { type: "title", label: "One" },
        path: "name",
        label: "panel.components[1]",
        key: 1,
      },
    ],
    [
      "a label of 49 emoji, each of which is two units",
      panel(button({ label: "😀".repeat(49) })),
      "string.max",
      '"panel.components[0].label" length must be less than or equal to 96 characters long',
      {
        limit: 96,
        value: "😀".repeat(49),
        label: "panel.components[0].label",
        key: "label",
      },
    ],
    [
      "a title of one letter",
      { id: "1", mobile: { title: { label: "a" } } },
      "string.min",
      '"mobile.title.label" length must be at least 2 characters long',
      { limit: 2, value: "a", label: "mobile.title.label", key: "label" },
    ],
    [
      "something that is no object",
      7,
      "object.base",
      '"value" must be of type object',
      { type: "object", label: "value", value: 7 },
    ],
  ] as const)(
    "is told in the validator's words: %s",
    ([, given, type, message, context], { expect }) => {
      expect(told(given)).toMatchObject({
        error: { _original: given, details: [{ type, message, context }] },
      });
      const { details } = toDump(given)?.error ?? { details: [] };
      expect(JSON.parse(JSON.stringify(details[0]?.context))).toEqual(context);
      const label = details[0]?.path.reduce<string>(
        (text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text}.${step}`),
        "",
      );
      expect((label ?? "").replace(/^\./, "") || "value").toBe(context.label);
    },
  );

  it("is told of whatever is refused, and of nothing that is taken", ({ expect }) => {
    const key = fc.constantFrom(
      "id",
      "panel",
      "mobile",
      "video_overlay",
      "components",
      "mouse",
      "type",
      "name",
      "style",
      "__proto__",
    );
    const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
      leaf: fc.oneof(fc.constantFrom("button", "title", "mouseup", "", null, 1, true), fc.string()),
      tree: fc.oneof(
        { depthSize: "small" },
        tie("leaf"),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (given) => {
        const dump = toDump(given);
        const isEmpty = JSON.stringify(given) === "{}";
        if (isEmpty) return;
        expect(dump === null).toBe(readInterface(given).ok);
        if (dump === null) return;
        const [{ message, type }] = dump.error.details;
        expect(message).toMatch(/^"[^]+" \S/);
        expect(type).toMatch(/^[a-z]+(\.[a-z]+)+$/);
        JSON.stringify(dump);
      }),
      { numRuns: 500 },
    );
  });
});
