import { alphanumeric, boolean, matching, number, oneOf, text, textOrNumber } from "./scalars.ts";
import { type Check, dictionary, list, object, validate, type Validated } from "./validation.ts";

/** What a game puts before its viewers, checked and normalised; `{}` once one of its sockets is gone. */
export type Interface = Readonly<Record<string, unknown>>;

export const views = ["panel", "mobile", "video_overlay"] as const;
export type View = (typeof views)[number];
export const zones = ["left", "bottom", "right", "top"] as const;

const smallText = text({ maxBytes: 128 });

const style = object(
  Object.fromEntries(
    [
      "backgroundColor",
      "background",
      "color",
      "fontSize",
      "width",
      "height",
      "maxWidth",
      "maxHeight",
      "position",
      "display",
      "margin",
      "padding",
      "justifyContent",
      "alignItems",
      "alignSelf",
      "borderImage",
      "imageRendering",
      "cursor",
    ].map((property) => [property, { check: textOrNumber(smallText, number(-10_000, 10_000)) }]),
  ),
  8,
);

const title = object({ label: { check: text({ min: 2, max: 96 }) }, style: { check: style } });

const name = matching(/^[a-z][\w\-:.]*$/i, { min: 3, max: 64 });

/** For a field that only some types of component must have. */
function neededBy(...types: readonly string[]) {
  return ({ type }: Readonly<Record<string, unknown>>) => types.includes(String(type));
}

const choices = dictionary((key) => /^[a-z\d]{1,64}$/i.test(key), smallText, { min: 1, max: 4 });

const extension = object({
  title: { check: title },
  submit: {
    check: object({
      label: { check: text({ max: 64 }), fallback: "Submit" },
      style: { check: style },
    }),
  },
  style: { check: style },
  components: {
    check: list(
      object({
        type: {
          check: oneOf(["title", "input", "image", "text", "radio", "checkbox"]),
          required: true,
        },
        name: { check: name, required: neededBy("input", "radio", "checkbox") },
        template: { check: oneOf(["classic", "button"]), required: neededBy("radio", "checkbox") },
        values: { check: choices, required: neededBy("radio", "checkbox") },
        placeholder: { check: text({ max: 32 }) },
        label: { check: text({ max: 96 }) },
        src: { check: smallText },
        text: { check: text({ maxBytes: 256 }) },
        style: { check: style },
        styleValues: { check: style },
      }),
      1,
      3,
      "name",
    ),
  },
});

const components = list(
  object({
    type: { check: oneOf(["title", "button", "image", "text"]), required: true },
    name: { check: name, required: neededBy("button") },
    label: { check: text({ max: 96 }), fallback: "A label" },
    src: { check: smallText, required: neededBy("image") },
    text: { check: text({ maxBytes: 256 }), required: neededBy("text") },
    style: { check: style },
    cooldown: {
      check: object({
        duration: { check: number(3_000, 60_000), fallback: 10_000 },
        broadcast: { check: boolean(), fallback: true },
        style: { check: style },
      }),
      fallback: { duration: 10_000, broadcast: true },
    },
    extension: { check: extension },
  }),
  1,
  4,
  "name",
);

const mouse = list(
  object({
    type: { check: oneOf(["mousedown", "mouseup"]) },
    style: { check: object({ cursor: { check: smallText } }) },
    cooldown: {
      check: object({
        duration: { check: number(1_000, 60_000), fallback: 3_000 },
        limit: { check: number(1, 10), fallback: 2 },
        style: { check: object({ cursor: { check: smallText } }) },
      }),
      fallback: { duration: 3_000, limit: 2 },
    },
  }),
  1,
  2,
  "type",
);

const zone = { check: object({ components: { check: components } }) };

const root = object({
  id: { check: alphanumeric({ min: 1, max: 64 }), required: true },
  config: {
    check: object({
      transparent: { check: boolean() },
      ripple: { check: boolean() },
      forceTheme: { check: oneOf(["light", "dark"]) },
    }),
    fallback: { transparent: false, ripple: true },
  },
  mobile: {
    check: object({
      title: { check: title },
      style: { check: style },
      components: { check: components },
    }),
  },
  panel: { check: object({ style: { check: style }, components: { check: components } }) },
  video_overlay: {
    check: object({
      mouse: { check: mouse },
      ...Object.fromEntries(zones.map((place) => [place, zone])),
    }),
  },
});

/** An empty object stands for no interface at all: it is valid, and clears what was there. */
const emptyOrRoot: Check = (value, path) => (isEmpty(value) ? undefined : root(value, path));

/** The value of a valid interface is its normalised form, or undefined. */
export function validateInterface(data: unknown): Validated {
  return validate(emptyOrRoot, data);
}

function isEmpty(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 0
  );
}

/** A component that can be named in an input, and where it stands. */
export interface Button {
  readonly name: string;
  readonly view: View;
}

export function buttonsOf(shown: Interface | null): Button[] {
  return componentsOf(shown).flatMap(({ view, component }) =>
    component["type"] === "button" ? [{ view, name: String(component["name"]) }] : [],
  );
}

/** Every component of every view. */
export function componentsOf(
  shown: Interface | null,
): { view: View; component: Readonly<Record<string, unknown>> }[] {
  return views.flatMap((view) => {
    const part = asRecord(shown?.[view]);
    const boards = view === "video_overlay" ? zones.map((place) => asRecord(part[place])) : [part];
    return boards
      .flatMap((board) => (Array.isArray(board["components"]) ? board["components"] : []))
      .map((component) => ({ view, component: asRecord(component) }));
  });
}

/** Each mouse type that viewers may use, and how many of them at once. */
export function mouseActionsOf(shown: Interface | null): Map<string, number> {
  const { mouse: actions } = asRecord(shown?.["video_overlay"]);
  const all = Array.isArray(actions) ? actions.map(asRecord) : [];
  return new Map(
    all.map(({ type, cooldown }) => [String(type), Number(asRecord(cooldown)["limit"])]),
  );
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
