import { z } from "zod";

const encoder = new TextEncoder();

/** How many bytes of UTF-8 a text takes. */
export function countBytes(text: string): number {
  return encoder.encode(text).length;
}

/** Text of at most `max` bytes. */
export function limitBytes(max: number): z.ZodType<string> {
  return z.string().refine((text) => countBytes(text) <= max, {
    error: `must be at most ${max} bytes`,
    params: { rule: "string.max", limit: max, encoding: "utf8" },
  });
}

/** The same, and not empty. */
export function requireBytes(max: number): z.ZodType<string> {
  return limitBytes(max).refine((text) => text !== "", "must not be empty");
}

/**
 * Text of `min` to `max` UTF-16 units, as the real server counts: an emoji is two. Zod's own bounds
 * count characters.
 */
export function limitUnits(min: number, max: number): z.ZodType<string> {
  return z
    .string()
    .refine((text) => text.length >= min, {
      error: `must be at least ${min} UTF-16 units`,
      params: { rule: "string.min", limit: min },
    })
    .refine((text) => text.length <= max, {
      error: `must be at most ${max} UTF-16 units`,
      params: { rule: "string.max", limit: max },
    });
}

/** At most `max` letters and digits. */
export function requireAlphanumeric(max: number): z.ZodString {
  return z
    .string()
    .regex(/^[A-Za-z0-9]+$/, "must be letters and digits")
    .max(max, `must be at most ${max} characters`);
}

/** A number, or its text. */
export function within(min: number, max: number): z.ZodType<number> {
  return z.preprocess(toNumber, z.number().min(min).max(max));
}

/** True or false, 1 or 0, or the word. */
export const Flag: z.ZodType<boolean> = z.preprocess(toBoolean, z.boolean());

// What is longer is no number that anybody would write here.
const NUMBER = /^\s{0,9}[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,3})?\s{0,9}$/i;

function toNumber(value: unknown): unknown {
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : value;
}

function toBoolean(value: unknown): unknown {
  if (value === 1) return true;
  if (value === 0) return false;
  if (typeof value !== "string") return value;
  const word = value.toLowerCase();
  if (word === "true") return true;
  return word === "false" ? false : value;
}
