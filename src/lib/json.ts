import type { z } from "zod";

/** Plain JSON data. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** What came of reading something from outside: the value, or one sentence on why not. */
export type Decoded<T> = { ok: true; value: T } | { ok: false; problem: string };

/** `JSON.parse` that answers instead of throwing. */
export function parseJson(text: string): Decoded<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, problem: "not JSON" };
  }
}

/** Reads text from outside as `schema`. Never throws; the problem names the first wrong field. */
export function decodeJson<S extends z.ZodType>(schema: S, text: string): Decoded<z.infer<S>> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  return decode(schema, parsed.value);
}

/** Reads a value from outside as `schema`. Never throws; the problem names the first wrong field. */
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
