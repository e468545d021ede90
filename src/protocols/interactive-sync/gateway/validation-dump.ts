import type { z } from "zod";

import { isRecord } from "../../../lib/json.ts";
import { UserInterface } from "../wire/interface.ts";

type Step = string | number;
type Issue = z.core.$ZodIssue;

/** One thing wrong, as the real server's validator (joi) dumps it. */
export interface Detail {
  readonly message: string;
  readonly path: readonly Step[];
  readonly type: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** The report on a refused interface. */
export interface Dump {
  readonly value: unknown;
  readonly error: { readonly _original: unknown; readonly details: readonly [Detail] };
}

/**
 * The first thing that is wrong with an interface, with everything that the validator says of it.
 */
export function toDump(given: unknown): Dump | null {
  const read = UserInterface.safeParse(given);
  const [issue] = read.error?.issues ?? [];
  if (issue === undefined) return null;
  const detail = toDetail(issue, given);
  return {
    value: normaliseHalf(given, String(issue.path[0] ?? "")),
    error: { _original: given, details: [detail] },
  };
}

/** The validator goes from part to part, and stops at the first that is wrong. */
function normaliseHalf(given: unknown, wrong: string): unknown {
  if (!isRecord(given)) return given;
  const value = new Map(Object.entries(given));
  for (const [part, schema] of Object.entries(UserInterface.shape)) {
    if (part === wrong) break;
    const read = schema.safeParse(given[part]);
    if (read.success && read.data !== undefined) value.set(part, read.data);
  }
  return Object.fromEntries(value);
}

/** A message of a validator's rule. `of`: the details that it adds to the common ones. */
interface Said {
  readonly type: string;
  readonly words: string;
  readonly of?: Readonly<Record<string, unknown>>;
  readonly at?: readonly Step[];
}

function toDetail(issue: Issue, given: unknown): Detail {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const said = toSaid(issue, path, given);
  const at = said.at ?? path;
  const label = toLabel(at);
  const key = at.at(-1);
  return {
    message: `"${label}" ${said.words}`,
    path: at,
    type: said.type,
    context: {
      ...said.of,
      label,
      // Where a rule has converted it, what it was converted to.
      value: said.of?.["value"] ?? findValue(given, at),
      ...(key !== undefined && { key }),
    },
  };
}

function toSaid(issue: Issue, path: readonly Step[], given: unknown): Said {
  const value = findValue(given, path);
  // Where two of a list are alike for having no name, the fault is at a place that is not there.
  const isRule = issue.code === "custom" && issue.params?.["rule"] === "array.unique";
  if (value === undefined && !isRule) return { type: "any.required", words: "is required" };
  switch (issue.code) {
    case "custom":
      return describeRule(issue, path, given);
    case "unrecognized_keys": {
      const [child = ""] = issue.keys;
      return describeUnknownKey(path, child);
    }
    case "invalid_value":
      return {
        type: "any.only",
        words: `must be one of [${issue.values.join(", ")}]`,
        of: { valids: issue.values },
      };
    case "invalid_type":
      return describeBase(issue.expected);
    case "invalid_key":
      return describeUnknownKey(path.slice(0, -1), String(path.at(-1)));
    case "invalid_union":
      return {
        type: "alternatives.types",
        words: "must be one of [string, number]",
        of: { types: ["string", "number"] },
      };
    case "too_small":
      return describeBound(issue.origin, "min", Number(issue.minimum), value);
    case "too_big":
      return describeBound(issue.origin, "max", Number(issue.maximum), value);
    default:
      return describeForm(issue, value);
  }
}

/** A text that is not of the form it must have. */
function describeForm(issue: Issue, value: unknown): Said {
  if (value === "") return EMPTY;
  const pattern = "pattern" in issue ? issue.pattern : "";
  if (!pattern.includes("\\w")) {
    return { type: "string.alphanum", words: "must only contain alpha-numeric characters" };
  }
  const words = `with value "${String(value)}" fails to match the required pattern: ${pattern}`;
  return { type: "string.pattern.base", words, of: { regex: {}, value } };
}

interface RuleParams {
  readonly rule?: string;
  readonly limit?: number;
  readonly child?: string;
  readonly encoding?: string;
}

/** A rule that zod does not know: it says by itself which it is. */
function describeRule(
  { params = {} }: Extract<Issue, { code: "custom" }>,
  path: readonly Step[],
  given: unknown,
): Said {
  const { rule, limit, child, encoding } = params as RuleParams;
  const value = findValue(given, path);
  switch (rule) {
    case "string.min":
      return describeBound("string", "min", limit ?? 0, value);
    case "string.max": {
      const said = describeBound("string", "max", limit ?? 0, value);
      return encoding === undefined ? said : { ...said, of: { limit, value, encoding } };
    }
    case "object.min":
      return describeBound("object", "min", limit ?? 0, value);
    case "object.max":
      return describeBound("object", "max", limit ?? 0, value);
    case "object.unknown":
      return describeUnknownKey(path, child ?? "");
    case "array.unique":
      return describeDuplicate(params, path.slice(0, -2), given);
    default:
      return value === "" ? EMPTY : { type: "any.invalid", words: "contains an invalid value" };
  }
}

/** Two of one list are alike: told of the later one as a whole. */
function describeDuplicate(
  params: Record<string, unknown>,
  list: readonly Step[],
  given: unknown,
): Said {
  const [pos, dupePos] = [Number(params["pos"]), Number(params["dupePos"])];
  const at = [...list, pos];
  const value = findValue(given, at);
  const dupeValue = findValue(given, [...list, dupePos]);
  return {
    type: "array.unique",
    words: "contains a duplicate value",
    of: { pos, value, dupePos, dupeValue, path: params["path"] },
    at,
  };
}

const EMPTY: Said = { type: "string.empty", words: "is not allowed to be empty" };

function describeUnknownKey(path: readonly Step[], child: string): Said {
  return { type: "object.unknown", words: "is not allowed", of: { child }, at: [...path, child] };
}

function describeBase(expected: string): Said {
  switch (expected) {
    case "array":
      return { type: "array.base", words: "must be an array" };
    case "string":
    case "number":
    case "boolean":
      return { type: `${expected}.base`, words: `must be a ${expected}` };
    default:
      return { type: "object.base", words: "must be of type object", of: { type: "object" } };
  }
}

function describeBound(origin: string, bound: "min" | "max", limit: number, value: unknown): Said {
  if (value === "") return EMPTY;
  const least = origin === "number" ? "greater than or equal to" : "at least";
  const range = `${bound === "min" ? least : "less than or equal to"} ${limit}`;
  const type = `${origin}.${bound}`;
  switch (origin) {
    case "string":
      return { type, words: `length must be ${range} characters long`, of: { limit, value } };
    case "array":
      return { type, words: `must contain ${range} items`, of: { limit, value } };
    case "number":
      return { type, words: `must be ${range}`, of: { limit, value: Number(value) } };
    default: {
      const words = `must have ${range} key${limit === 1 ? "" : "s"}`;
      return { type, words, of: { limit, value } };
    }
  }
}

function toLabel(path: readonly Step[]): string {
  let label = "";
  for (const step of path) {
    if (typeof step === "number") label += `[${step}]`;
    else label += label === "" ? step : `.${step}`;
  }
  return label === "" ? "value" : label;
}

function findValue(value: unknown, path: readonly Step[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<Step, unknown>)[step];
  }
  return at;
}
