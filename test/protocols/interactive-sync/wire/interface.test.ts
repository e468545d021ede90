import { describe, it } from "vitest";

import { readInterface } from "../../../../src/protocols/interactive-sync/wire/interface.ts";

const read = (rest: object) => readInterface({ id: "dawn", ...rest });

function pointersOf(rest: object): string[] {
  const told = read(rest);
  return told.ok ? [] : told.problems.map(({ pointer }) => pointer ?? "");
}

function valueOf(rest: object): unknown {
  const told = read(rest);
  return told.ok ? told.value : told.problems;
}

const panel = (...components: object[]) => ({ panel: { components } });
const button = (more: object = {}) => ({ type: "button", name: "open-sluice", ...more });
const window = (...components: object[]) => panel(button({ extension: { components } }));
const style = (style: object) => ({ panel: { style } });
const mouse = (...mouse: object[]) => ({ video_overlay: { mouse } });

describe("an interface", () => {
  it("has its defaults filled in", ({ expect }) => {
    const config = { transparent: false, ripple: true };
    expect(valueOf({})).toEqual({ id: "dawn", config });
    expect(valueOf({ config: { ripple: 0 } })).toEqual({
      id: "dawn",
      config: { transparent: false, ripple: false },
    });
    const cooldown = { duration: 10_000, broadcast: true };
    expect(valueOf(panel({ type: "title" }))).toMatchObject({
      panel: { components: [{ type: "title", label: "A label", cooldown }] },
    });
    expect(valueOf(window({ type: "title" }))).toMatchObject({
      panel: { components: [{ extension: { submit: { label: "Submit" } } }] },
    });
    expect(valueOf(mouse({ type: "mouseup", cooldown: { limit: 3 } }))).toMatchObject({
      video_overlay: { mouse: [{ type: "mouseup", cooldown: { duration: 3000, limit: 3 } }] },
    });
    expect(valueOf(mouse({ type: "mouseup" }))).toMatchObject({
      video_overlay: { mouse: [{ cooldown: { duration: 3000, limit: 2 } }] },
    });
  });

  it("numbers and booleans of an interface may come as text", ({ expect }) => {
    const config = { transparent: "true", ripple: "False", forceTheme: "dark" };
    expect(valueOf({ config })).toMatchObject({
      config: { transparent: true, ripple: false, forceTheme: "dark" },
    });
    expect(valueOf({ config: { transparent: 1, ripple: 0 } })).toMatchObject({
      config: { transparent: true, ripple: false },
    });
    const cooldown = { duration: " 5e3 ", broadcast: 0 };
    expect(valueOf(panel(button({ cooldown })))).toMatchObject({
      panel: { components: [{ cooldown: { duration: 5000, broadcast: false } }] },
    });
    // In a style a text is as good as a number, and stays what it is.
    expect(valueOf(style({ width: "10", margin: -10_000 }))).toMatchObject({
      panel: { style: { width: "10", margin: -10_000 } },
    });
    for (const wrong of [2, "yes", "1", null, {}]) {
      expect(pointersOf({ config: { ripple: wrong } })).toEqual(["/config/ripple"]);
    }
    for (const wrong of ["", "0x1388", "5000ms", "1e999", null, []]) {
      expect(pointersOf(panel(button({ cooldown: { duration: wrong } })))).toHaveLength(1);
    }
  });

  it.for([
    ["48 emoji, which are 96 units", "😀".repeat(48), true],
    ["49 emoji, which are 98", "😀".repeat(49), false],
    ["96 letters", "a".repeat(96), true],
    ["97 letters", "a".repeat(97), false],
    ["nothing", "", true],
  ] as const)("has labels whose lengths are UTF-16 units: %s", ([, label, isTaken], { expect }) => {
    const given = { id: "1", panel: { components: [{ type: "button", name: "jump", label }] } };
    expect(readInterface(given).ok).toBe(isTaken);
    // A title has two units at least, of which one emoji is made.
    const titled = { id: "1", mobile: { title: { label: "😀" } } };
    expect(readInterface(titled).ok).toBe(true);
  });

  it("two components without a name have the same name", ({ expect }) => {
    const title = { type: "title" };
    expect(pointersOf(panel(title))).toEqual([]);
    expect(valueOf(panel(title, title))).toEqual([
      { pointer: "/panel/components/1/name", detail: "only one may be without a name" },
    ]);
    expect(pointersOf(panel(title, { type: "title", name: "above" }))).toEqual([]);
    expect(pointersOf(window(title, title))).toEqual([
      "/panel/components/0/extension/components/1/name",
    ]);
  });

  it("may use a name again in another place", ({ expect }) => {
    const zone = { components: [button()] };
    const both = { ...panel(button()), video_overlay: { left: zone, right: zone } };
    expect(pointersOf(both)).toEqual([]);
    expect(valueOf(panel(button(), button()))).toEqual([
      { pointer: "/panel/components/1/name", detail: "is another's name as well" },
    ]);
  });

  it("may be nothing, which takes away what is shown", ({ expect }) => {
    expect(readInterface({})).toEqual({ ok: true, value: {} });
  });

  it.for([null, undefined, 1, "{}", [], [[]], true])(
    "is an object: not %j",
    (value, { expect }) => {
      expect(readInterface(value)).toMatchObject({ ok: false, problems: [{ pointer: "" }] });
    },
  );

  it("is told of with all its problems, each where it is", ({ expect }) => {
    const many = { config: { ripple: 2 }, ...style({ width: 10_001 }), mobile: { components: [] } };
    expect(pointersOf(many)).toEqual([
      "/config/ripple",
      "/mobile/components",
      "/panel/style/width",
    ]);
  });
});

describe("in an interface", () => {
  const long = (chars: number) => "a".repeat(chars);
  const bytes = (count: number) => "é".repeat(count / 2);
  const styles = (count: number) =>
    Object.fromEntries(
      [
        ["color", "#123"],
        ["background", ""],
        ["backgroundColor", 1],
        ["fontSize", "1em"],
        ["maxWidth", 0],
        ["maxHeight", 0],
        ["alignSelf", "end"],
        ["imageRendering", "pixelated"],
        ["borderImage", "none"],
      ].slice(0, count),
    );
  const radio = (more: object = {}) => ({
    type: "radio",
    name: "colour",
    template: "classic",
    values: { a: "Blue" },
    ...more,
  });
  const values = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`v${i}`, ""]));
  const names = (count: number) =>
    Array.from({ length: count }, (_, i) => button({ name: `go.${i}` }));

  it.for([
    ["an id of 64 letters and digits", { id: `Z9${long(62)}` }],
    ["four components", panel(...names(4))],
    ["a button's name", panel(button({ name: "a_-:.9" }))],
    ["an empty label", panel(button({ label: "" }))],
    ["a label of 96 UTF-16 units", panel(button({ label: "🛶".repeat(48) }))],
    ["an image of 128 bytes", panel({ type: "image", src: bytes(128) })],
    ["a text of 256 bytes", panel({ type: "text", text: bytes(256) })],
    ["a cooldown at its bounds", panel(button({ cooldown: { duration: 60_000 } }))],
    ["eight styles", style(styles(8))],
    ["a style of 128 bytes", style({ color: bytes(128) })],
    ["a window of three", window(radio(), { type: "title" }, { type: "input", name: "boat" })],
    ["a choice of four", window(radio({ type: "checkbox", values: values(4) }))],
    ["an empty placeholder", window({ type: "input", name: "boat", placeholder: "" })],
    ["both buttons of the mouse", mouse({ type: "mousedown" }, { type: "mouseup" })],
    ["a mouse's cursor", mouse({ type: "mouseup", style: { cursor: "grab" } })],
    ["a title of two characters", { mobile: { title: { label: "Hi", style: {} } } }],
    ["zones with nothing in them", { video_overlay: { top: {}, bottom: {} } }],
  ] as const)("is taken: %s", ([, rest], { expect }) => {
    expect(pointersOf(rest)).toEqual([]);
  });

  it.for([
    ["an id of 65", { id: long(65) }, "/id"],
    ["an id with a dash", { id: "da-wn" }, "/id"],
    ["an id that is a number", { id: 7 }, "/id"],
    ["no id", { id: undefined }, "/id"],
    ["a key that nobody knows", { theme: 1 }, ""],
    ["a key of the prototype", JSON.parse('{"panel":{"style":{"__proto__":1}}}'), "/panel/style"],
    ["a title on a panel", { panel: { title: { label: "Lock" } } }, "/panel"],
    ["a title of one character", { mobile: { title: { label: "L" } } }, "/mobile/title/label"],
    ["no components at all", panel(), "/panel/components"],
    ["five components", panel(...names(5)), "/panel/components"],
    ["five of one name", panel(...names(5).map(() => button())), "/panel/components"],
    ["a button without a name", panel({ type: "button" }), "/panel/components/0/name"],
    ["an image without a source", panel({ type: "image" }), "/panel/components/0/src"],
    ["a text without words", panel({ type: "text", text: "" }), "/panel/components/0/text"],
    ["a type of the window's", panel({ type: "input", name: "boat" }), "/panel/components/0/type"],
    ["a name of two", panel(button({ name: "go" })), "/panel/components/0/name"],
    ["a name of 65", panel(button({ name: long(65) })), "/panel/components/0/name"],
    ["a name that begins with a digit", panel(button({ name: "1st" })), "/panel/components/0/name"],
    ["a label of 97", panel(button({ label: long(97) })), "/panel/components/0/label"],
    ["an image of 130 bytes", panel({ type: "image", src: bytes(130) }), "/panel/components/0/src"],
    ["a text of 258 bytes", panel({ type: "text", text: bytes(258) }), "/panel/components/0/text"],
    [
      "a cooldown of less than 3 s",
      panel(button({ cooldown: { duration: 2999 } })),
      "/panel/components/0/cooldown/duration",
    ],
    [
      "a cooldown of more than 60 s",
      panel(button({ cooldown: { duration: 60_001 } })),
      "/panel/components/0/cooldown/duration",
    ],
    ["nine styles", style(styles(9)), "/panel/style"],
    ["a style nobody knows", style({ content: "x" }), "/panel/style"],
    ["a style of 130 bytes", style({ color: bytes(130) }), "/panel/style/color"],
    ["a style beyond 10000", style({ width: 10_000.5 }), "/panel/style/width"],
    ["a style that is true", style({ width: true }), "/panel/style/width"],
    ["a theme nobody knows", { config: { forceTheme: "dusk" } }, "/config/forceTheme"],
    ["three mouse buttons", mouse({ type: "mouseup" }, { type: "mousedown" }, {}), ""],
    [
      "one mouse button twice",
      mouse({ type: "mouseup" }, { type: "mouseup" }),
      "/video_overlay/mouse/1/type",
    ],
    [
      "a mouse without a limit",
      mouse({ type: "mouseup", cooldown: { limit: 0 } }),
      "/video_overlay/mouse/0/cooldown/limit",
    ],
    [
      "a mouse with a style of others",
      mouse({ type: "mouseup", style: { color: "red" } }),
      "/video_overlay/mouse/0/style",
    ],
    ["a fifth zone", { video_overlay: { middle: {} } }, "/video_overlay"],
  ] as const)("is refused: %s", ([, rest, pointer], { expect }) => {
    const pointers = pointersOf(rest);
    if (pointer === "") expect(pointers.length).toBeGreaterThan(0);
    else expect(pointers).toEqual([pointer]);
  });

  it.for([
    ["four in a window", window(...[1, 2, 3, 4].map((i) => radio({ name: `no.${i}` }))), ""],
    ["an input without a name", window({ type: "input" }), "/0/name"],
    ["a radio without its values", window(radio({ values: undefined })), "/0/values"],
    ["a radio without a template", window(radio({ template: undefined })), "/0/template"],
    ["a checkbox without a name", window(radio({ type: "checkbox", name: undefined })), "/0/name"],
    ["no value to choose", window(radio({ values: {} })), "/0/values"],
    ["five values to choose from", window(radio({ values: values(5) })), "/0/values"],
    ["a value's key with a dash", window(radio({ values: { "a-b": "x" } })), "/0/values/a-b"],
    ["a value of 130 bytes", window(radio({ values: { a: bytes(130) } })), "/0/values/a"],
    ["an image without a source", window({ type: "image" }), "/0/src"],
    ["a text without words", window({ type: "text" }), "/0/text"],
    ["a placeholder of 33", window(radio({ placeholder: long(33) })), "/0/placeholder"],
    ["a button", window(button()), "/0/type"],
  ] as const)("is refused in a window: %s", ([, rest, pointer], { expect }) => {
    expect(pointersOf(rest)).toEqual([`/panel/components/0/extension/components${pointer}`]);
  });
});
