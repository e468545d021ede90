/**
 * A small validator that answers as the service's own does: it stops at the first fault, and says
 * it as one `detail`. What it passes is normalised: converted, with its defaults filled in.
 */
export type Path = readonly (string | number)[];

export interface Detail {
  readonly message: string;
  readonly path: Path;
  readonly type: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export type Validated =
  | { readonly isValid: true; readonly value: unknown }
  | { readonly isValid: false; readonly detail: Detail };

/** Takes what is there, and gives it back normalised; throws for what is wrong. */
export type Check = (value: unknown, path: Path) => unknown;

interface Field {
  readonly check: Check;
  readonly required?: true | ((owner: Readonly<Record<string, unknown>>) => boolean);
  /** What stands there when nothing was given. */
  readonly fallback?: unknown;
}

class Fault extends Error {
  readonly detail: Detail;

  constructor(detail: Detail) {
    super(detail.message);
    this.detail = detail;
  }
}

export function validate(check: Check, value: unknown): Validated {
  try {
    return { isValid: true, value: check(value, []) };
  } catch (error) {
    if (error instanceof Fault) {
      return { isValid: false, detail: error.detail };
    }
    throw error;
  }
}

/** The given keys stay in their order; defaults come after them. */
export function object(fields: Readonly<Record<string, Field>>, maxKeys?: number): Check {
  return (value, path) => {
    const given = record(value, path);
    const normalised: Record<string, unknown> = { ...given };
    for (const [key, { check, required, fallback }] of Object.entries(fields)) {
      const at = [...path, key];
      if (given[key] !== undefined) {
        normalised[key] = check(given[key], at);
      } else if (required === true || required?.(normalised) === true) {
        fail(at, undefined, "any.required", "is required");
      } else if (fallback !== undefined) {
        normalised[key] = structuredClone(fallback);
      }
    }
    for (const key of Object.keys(given).filter((name) => !Object.hasOwn(fields, name))) {
      fail([...path, key], given[key], "object.unknown", "is not allowed", { child: key });
    }
    return limited(normalised, path, { max: maxKeys });
  };
}

/** Keys of the client's own choice. */
export function dictionary(
  isKey: (key: string) => boolean,
  check: Check,
  range: { readonly min?: number; readonly max?: number },
): Check {
  return (value, path) => {
    const entries = Object.entries(record(value, path)).map(([key, entry]) => {
      if (!isKey(key)) {
        fail([...path, key], entry, "object.unknown", "is not allowed", { child: key });
      }
      return [key, check(entry, [...path, key])] as const;
    });
    return limited(Object.fromEntries(entries), path, range);
  };
}

/** Unique by a property of its items, of which two that lack it are alike too. */
export function list(check: Check, min: number, max: number, uniqueBy?: string): Check {
  return (value, path) => {
    if (!Array.isArray(value)) {
      fail(path, value, "array.base", "must be an array");
    }
    const items = value.map((item: unknown, at) => check(item, [...path, at]));
    if (items.length < min) {
      fail(path, items, "array.min", `must contain at least ${min} items`, { limit: min });
    }
    if (items.length > max) {
      const words = `must contain less than or equal to ${max} items`;
      fail(path, items, "array.max", words, { limit: max });
    }
    if (uniqueBy !== undefined) {
      refuseTwins(items, path, uniqueBy);
    }
    return items;
  };
}

function refuseTwins(items: readonly unknown[], path: Path, by: string): void {
  const marks = items.map((item) => (item as Record<string, unknown>)[by]);
  const pos = marks.findIndex((mark, at) => marks.indexOf(mark) < at);
  if (pos >= 0) {
    const dupePos = marks.indexOf(marks[pos]);
    const twins = { pos, dupePos, dupeValue: items[dupePos], path: by };
    fail([...path, pos], items[pos], "array.unique", "contains a duplicate value", twins);
  }
}

function record(value: unknown, path: Path): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : fail(path, value, "object.base", "must be of type object", { type: "object" });
}

function limited(
  value: Record<string, unknown>,
  path: Path,
  { min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number | undefined },
): Record<string, unknown> {
  const keys = Object.keys(value).length;
  if (keys < min) {
    fail(path, value, "object.min", `must have at least ${min} key`, { limit: min });
  }
  if (keys > max) {
    fail(path, value, "object.max", `must have less than or equal to ${max} keys`, { limit: max });
  }
  return value;
}

export function fail(
  path: Path,
  value: unknown,
  type: string,
  words: string,
  local: object = {},
): never {
  const label = path.reduce<string>(
    (stem, step) =>
      typeof step === "number" ? `${stem}[${step}]` : stem === "" ? step : `${stem}.${step}`,
    "",
  );
  const named = label === "" ? "value" : label;
  const key = path.at(-1);
  throw new Fault({
    message: `"${named}" ${words}`,
    path,
    type,
    context: { ...local, label: named, value, ...(key === undefined ? {} : { key }) },
  });
}
