import { followInteractiveSync, userInterface } from "./support/follow.ts";
import { it } from "./support/it.ts";

const cooldown = { duration: 10_000, broadcast: true };
const config = { transparent: false, ripple: true };

function panel(...components: unknown[]) {
  return { id: "1", panel: { components } };
}

function button(more: object = {}) {
  return { type: "button", name: "open-door", ...more };
}

function modal(...components: unknown[]) {
  return panel(button({ extension: { components } }));
}

function style(entries: Record<string, unknown>) {
  return { id: "1", panel: { style: entries } };
}

const nineStyles = Object.fromEntries(
  "color,width,height,margin,padding,display,position,fontSize,cursor"
    .split(",")
    .map((property) => [property, "1"]),
);

it.for([
  ["the least there can be", { id: "1" }, { id: "1", config }],
  [
    "booleans in other words",
    { id: "1", config: { transparent: "true", ripple: 0, forceTheme: "dark" } },
    { id: "1", config: { transparent: true, ripple: false, forceTheme: "dark" } },
  ],
  [
    "a button, with all that it was not given",
    panel(button()),
    { ...panel(button({ label: "A label", cooldown })), config },
  ],
  [
    "a title, which cools down too",
    panel({ type: "title", label: "" }),
    { ...panel({ type: "title", label: "", cooldown }), config },
  ],
  [
    "numbers in texts",
    panel(button({ label: "Open", cooldown: { duration: "3000" } })),
    {
      ...panel(button({ label: "Open", cooldown: { duration: 3_000, broadcast: true } })),
      config,
    },
  ],
  [
    "a modal with a button of its own",
    {
      id: "1",
      mobile: {
        title: { label: "Ask" },
        components: [
          button({
            extension: {
              submit: {},
              components: [
                { type: "radio", name: "pick", template: "classic", values: { a: "A", b: "B" } },
                { type: "input", name: "say", placeholder: "here" },
              ],
            },
          }),
        ],
      },
    },
    {
      id: "1",
      mobile: {
        title: { label: "Ask" },
        components: [
          button({
            label: "A label",
            cooldown,
            extension: {
              submit: { label: "Submit" },
              components: [
                { type: "radio", name: "pick", template: "classic", values: { a: "A", b: "B" } },
                { type: "input", name: "say", placeholder: "here" },
              ],
            },
          }),
        ],
      },
      config,
    },
  ],
  [
    "one name in two zones, and a mouse",
    {
      id: "1",
      config,
      video_overlay: {
        mouse: [{ type: "mousedown", cooldown: {} }],
        left: { components: [button({ label: "L", cooldown })] },
        top: { components: [button({ label: "T", cooldown })] },
      },
    },
    {
      id: "1",
      config,
      video_overlay: {
        mouse: [{ type: "mousedown", cooldown: { duration: 3_000, limit: 2 } }],
        left: { components: [button({ label: "L", cooldown })] },
        top: { components: [button({ label: "T", cooldown })] },
      },
    },
  ],
  [
    "numbers and texts for a style",
    style({ width: -10_000, color: "teal" }),
    { ...style({ width: -10_000, color: "teal" }), config },
  ],
] as const)("accepts %s", async ([, data, normalised], { expect, interactiveSync }) => {
  const client = await followInteractiveSync(interactiveSync);
  client.send(userInterface(data));

  expect(await client.next()).toMatchObject({ status: "ok", context: "message" });
  expect(interactiveSync.truth().interfaces.map((entry) => entry.interface)).toEqual([normalised]);
});

it.for([
  ["no id", { panel: {} }, "any.required", "id", "is required"],
  ["an id with a hyphen", { id: "a-b" }, "string.alphanum", "id", "must only contain"],
  ["an id that is a number", { id: 1 }, "string.base", "id", "must be a string"],
  ["an id of 65 characters", { id: "a".repeat(65) }, "string.max", "id", "equal to 64"],
  ["a key of its own", { id: "1", colour: 1 }, "object.unknown", "colour", "is not allowed"],
  [
    "a theme that is none",
    { id: "1", config: { forceTheme: "teal" } },
    "any.only",
    "config.forceTheme",
    "must be one of [light, dark]",
  ],
  [
    "a title for the panel",
    { id: "1", panel: { title: { label: "No" } } },
    "object.unknown",
    "panel.title",
    "is not allowed",
  ],
  ["no components in a list", panel(), "array.min", "panel.components", "at least 1 items"],
  [
    "five components",
    panel(...[1, 2, 3, 4, 5].map((n) => button({ name: `name${n}` }))),
    "array.max",
    "panel.components",
    "equal to 4 items",
  ],
  [
    "a component without a type",
    panel({ name: "one" }),
    "any.required",
    "panel.components[0].type",
    "is required",
  ],
  [
    "a button without a name",
    panel({ type: "button" }),
    "any.required",
    "panel.components[0].name",
    "is required",
  ],
  [
    "a name that begins with a digit",
    panel(button({ name: "1door" })),
    "string.pattern.base",
    "panel.components[0].name",
    "fails to match",
  ],
  [
    "a name of two characters",
    panel(button({ name: "ab" })),
    "string.min",
    "panel.components[0].name",
    "at least 3",
  ],
  [
    "an image without a source",
    panel({ type: "image" }),
    "any.required",
    "panel.components[0].src",
    "is required",
  ],
  [
    "a text without one",
    panel({ type: "text" }),
    "any.required",
    "panel.components[0].text",
    "is required",
  ],
  [
    "a text of too many bytes",
    panel({ type: "text", text: "é".repeat(129) }),
    "string.max",
    "panel.components[0].text",
    "equal to 256",
  ],
  [
    "a cooldown that is too short",
    panel(button({ cooldown: { duration: 2_999 } })),
    "number.min",
    "panel.components[0].cooldown.duration",
    "equal to 3000",
  ],
  [
    "two of one name",
    panel(button(), button()),
    "array.unique",
    "panel.components[1]",
    "contains a duplicate value",
  ],
  [
    "two without a name",
    panel({ type: "title" }, { type: "title" }),
    "array.unique",
    "panel.components[1]",
    "contains a duplicate value",
  ],
  [
    "a radio without values",
    modal({ type: "radio", name: "pick", template: "button" }),
    "any.required",
    "panel.components[0].extension.components[0].values",
    "is required",
  ],
  [
    "an input without a name",
    modal({ type: "input" }),
    "any.required",
    "panel.components[0].extension.components[0].name",
    "is required",
  ],
  [
    "a button in a modal",
    modal(button()),
    "any.only",
    "panel.components[0].extension.components[0].type",
    "must be one of",
  ],
  ["nine styles", style(nineStyles), "object.max", "panel.style", "equal to 8 keys"],
  [
    "a style that is none",
    style({ zIndex: 1 }),
    "object.unknown",
    "panel.style.zIndex",
    "is not allowed",
  ],
  [
    "a style that is a list",
    style({ color: [] }),
    "alternatives.types",
    "panel.style.color",
    "must be one of [string, number]",
  ],
  [
    "two mice of one type",
    { id: "1", video_overlay: { mouse: [{ type: "mouseup" }, { type: "mouseup" }] } },
    "array.unique",
    "video_overlay.mouse[1]",
    "contains a duplicate value",
  ],
  [
    "a mouse for eleven",
    { id: "1", video_overlay: { mouse: [{ type: "mouseup", cooldown: { limit: 11 } }] } },
    "number.max",
    "video_overlay.mouse[0].cooldown.limit",
    "equal to 10",
  ],
] as const)(
  "warns of an interface with %s, and says where",
  async ([, data, type, label, words], { expect, interactiveSync }) => {
    const client = await followInteractiveSync(interactiveSync);
    client.send(userInterface(data));

    const answer = (await client.next()) as { data: { error: { details: object[] } } };
    expect(answer).toMatchObject({
      status: "warning",
      message: "JSON received is invalid ; message is ignored.",
      data: { value: data, error: { _original: data } },
    });
    const { details } = answer.data.error;
    expect(details).toMatchObject([{ type, context: { label } }]);
    expect(details).toMatchObject([{ message: expect.stringMatching(`^"${escape(label)}" `) }]);
    expect(details).toMatchObject([{ message: expect.stringContaining(words) }]);
  },
);

function escape(text: string): string {
  return text.replaceAll(/[[\].]/g, String.raw`\$&`);
}

it("says what is wrong as the service's own validator does", async ({
  expect,
  interactiveSync,
}) => {
  const client = await followInteractiveSync(interactiveSync);
  client.send(userInterface({ id: "1", panel: { components: [{ type: "banner" }] } }));

  expect(await client.next()).toMatchObject({
    data: {
      error: {
        details: [
          {
            message: '"panel.components[0].type" must be one of [title, button, image, text]',
            path: ["panel", "components", 0, "type"],
            type: "any.only",
            context: {
              valids: ["title", "button", "image", "text"],
              label: "panel.components[0].type",
              value: "banner",
              key: "type",
            },
          },
        ],
      },
    },
  });
});
