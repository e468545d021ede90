import { z } from "zod";

import { isRecord } from "../../../lib/json.ts";
import {
  requireAlphanumeric,
  limitBytes,
  limitUnits,
  Flag,
  requireBytes,
  within,
} from "./scalars.ts";

const STYLES = [
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
] as const;

const MAX_STYLES = 8;

// A text that looks like a number stays the text that it is.
const StyleValue = z.union([limitBytes(128), z.number().min(-10_000).max(10_000)], {
  error: "must be a text of at most 128 bytes, or a number from -10000 to 10000",
});

export const Style = makeDictionary(z.partialRecord(z.enum(STYLES), StyleValue)).refine(
  (style) => Object.keys(style).length <= MAX_STYLES,
  {
    error: `must have at most ${MAX_STYLES} properties`,
    params: { rule: "object.max", limit: MAX_STYLES },
  },
);

/** The heading above a group of components. */
export const Heading = z.strictObject({
  label: limitUnits(2, 96).optional(),
  style: Style.optional(),
});

// A letter, and then what an HTML 4 id may hold.
const Name = z
  .string()
  .regex(/^[A-Za-z][\w\-:.]*$/, "must be a letter, and then letters, digits, _, -, : or .")
  .min(3)
  .max(64);

const label = limitUnits(0, 96);

const Field = z
  .strictObject({
    type: z.enum(["title", "input", "image", "text", "radio", "checkbox"]),
    name: Name.optional(),
    label: label.optional(),
    src: requireBytes(128).optional(),
    text: requireBytes(256).optional(),
    template: z.enum(["classic", "button"]).optional(),
    values: makeDictionary(z.record(requireAlphanumeric(64), limitBytes(128)))
      .refine((values) => Object.keys(values).length >= 1, {
        error: "must have 1 to 4 entries",
        params: { rule: "object.min", limit: 1 },
      })
      .refine((values) => Object.keys(values).length <= 4, {
        error: "must have 1 to 4 entries",
        params: { rule: "object.max", limit: 4 },
      })
      .optional(),
    style: Style.optional(),
    styleValues: Style.optional(),
    placeholder: limitUnits(0, 32).optional(),
  })
  .superRefine(
    requireFields({
      input: ["name"],
      image: ["src"],
      text: ["text"],
      radio: ["name", "template", "values"],
      checkbox: ["name", "template", "values"],
    }),
  );

/** The window that a component opens. */
const Extension = z.strictObject({
  title: Heading.optional(),
  submit: z
    .strictObject({ label: limitUnits(0, 64).default("Submit"), style: Style.optional() })
    .prefault({}),
  style: Style.optional(),
  components: unique("name", Field, 3).optional(),
});

const Component = z
  .strictObject({
    type: z.enum(["title", "button", "image", "text"]),
    name: Name.optional(),
    label: label.default("A label"),
    src: requireBytes(128).optional(),
    text: requireBytes(256).optional(),
    style: Style.optional(),
    cooldown: z
      .strictObject({
        duration: within(3000, 60_000).default(10_000),
        broadcast: Flag.default(true),
        style: Style.optional(),
      })
      .prefault({}),
    extension: Extension.optional(),
  })
  .superRefine(requireFields({ button: ["name"], image: ["src"], text: ["text"] }));

export const Components = unique("name", Component, 4);

const MouseStyle = z.strictObject({ cursor: requireBytes(128).optional() });

/** Which buttons of the mouse are told of. */
export const Mouse = unique(
  "type",
  z.strictObject({
    type: z.enum(["mousedown", "mouseup"]),
    style: MouseStyle.optional(),
    cooldown: z
      .strictObject({
        duration: within(1000, 60_000).default(3000),
        limit: within(1, 10).default(2),
        style: MouseStyle.optional(),
      })
      .prefault({}),
  }),
  2,
);

/** One key passes unseen by every record. */
function makeDictionary<S extends z.ZodType>(record: S): z.ZodPipe<z.ZodUnknown, S> {
  return z
    .unknown()
    .refine((value) => !isRecord(value) || !Object.hasOwn(value, "__proto__"), {
      error: 'Unrecognized key: "__proto__"',
      params: { rule: "object.unknown", child: "__proto__" },
    })
    .pipe(record);
}

/** One to `max` items, no two with the same `key`. Two without any have the same. */
function unique<K extends string, T extends { readonly [key in K]?: string | undefined }>(
  key: K,
  item: z.ZodType<T>,
  max: number,
): z.ZodType<T[]> {
  return z
    .array(item)
    .min(1)
    .max(max)
    .superRefine((items, context) => {
      if (items.length > max) return;
      for (const [i, { [key]: own }] of items.entries()) {
        const first = items.findIndex((other) => other[key] === own);
        if (first === i) continue;
        const message =
          own === undefined ? `only one may be without a ${key}` : `is another's ${key} as well`;
        const params = { rule: "array.unique", pos: i, dupePos: first, path: key };
        context.addIssue({ code: "custom", path: [i, key], message, params });
      }
    });
}

/** Complains of the fields that something of its type cannot be without. */
function requireFields<T extends { readonly type: string }>(
  fields: Readonly<Partial<Record<T["type"], readonly (keyof T & string)[]>>>,
): (value: T, context: z.RefinementCtx) => void {
  return (value, context) => {
    for (const field of fields[value.type as T["type"]] ?? []) {
      if (value[field] !== undefined) continue;
      const message = `is required for ${value.type}`;
      const params = { rule: "any.required" };
      context.addIssue({ code: "custom", path: [field], message, params });
    }
  };
}
