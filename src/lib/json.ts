import type { z } from "zod";

/** Plain JSON data. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** The result of reading something from outside: the value, or one sentence on why not. */
export type Decoded<T> = { ok: true; value: T } | { ok: false; problem: string };

/**
 * How many levels of arrays and objects are read from outside. What any program or provider sends
 * is nested fewer than ten deep. What is nested by the thousand can be parsed, but neither copied,
 * cleaned nor written again: walking down it runs out of stack.
 */
export const JSON_MAX_LEVELS = 64;

/**
 * `JSON.parse` of a text from outside: it answers instead of throwing, and is not read too deep.
 */
export function parseJson(text: string): Decoded<unknown> {
  if (isNestedDeeper(text, JSON_MAX_LEVELS)) return { ok: false, problem: "nested too deeply" };
  return parseOwnJson(text);
}

/** The same for a text that the relay wrote itself, of parts that were read from outside. */
export function parseOwnJson(text: string): Decoded<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // The answer: it is not JSON.
    return { ok: false, problem: "not JSON" };
  }
}

// What many readers of lines take for the end of one beside CR and LF, which JSON escapes itself:
// NEL, and the separators of lines and of paragraphs. In JSON they stand in strings only.
const LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** JSON that stays on one line, whatever a reader of lines takes for the end of one. */
export function keepOnLine(json: string): string {
  return json.replaceAll(
    LINE_BREAKS,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Is a text, if it is JSON, nested in more than so many levels? Told without building anything. */
export function isNestedDeeper(text: string, levels: number): boolean {
  let level = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at = endOfString(text, at);
    } else if (unit === 0x7b || unit === 0x5b) {
      level += 1;
      if (level > levels) return true;
    } else if (unit === 0x7d || unit === 0x5d) {
      level -= 1;
    }
  }
  return false;
}

/** The end of the string that begins at a quote: at its closing one, or with the text. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

/** Reads text from outside as `schema`. Never throws; the problem names the first wrong field. */
export function decodeJson<S extends z.ZodType>(schema: S, text: string): Decoded<z.infer<S>> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  return decode(schema, parsed.value);
}

/** Reads text that the relay wrote itself as `schema`. Never throws, as `decodeJson`. */
export function decodeOwnJson<S extends z.ZodType>(schema: S, text: string): Decoded<z.infer<S>> {
  const parsed = parseOwnJson(text);
  return parsed.ok ? decode(schema, parsed.value) : parsed;
}

/**
 * Reads a value from outside as `schema`. Never throws; the problem names the first wrong field.
 */
export function decode<S extends z.ZodType>(schema: S, value: unknown): Decoded<z.infer<S>> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  if (issue === undefined) return { ok: false, problem: "invalid" };
  const where = issue.path.map(String).join(".");
  return { ok: false, problem: where === "" ? issue.message : `${where}: ${issue.message}` };
}

/** Is it an object with keys: not null, not an array? */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Is it an object without fields? */
export function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

/**
 * The value that a table has of its own under a name from outside. `table[name]` would also find
 * what every object inherits: `constructor`, `toString`, `__proto__`.
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
