import type { z } from "zod";

import { decode, parseJson, type Decoded } from "../lib/json.ts";

// The frames of all our providers are nested fewer than ten deep. What is nested by the thousand can
// be parsed, but neither cleaned nor written again: whoever walks down it runs out of stack.
const MAX_DEPTH = 64;

/** Reads a provider's frame as `schema`. Never throws, and what it gives can be walked down safely. */
export function readFrame<S extends z.ZodType>(schema: S, text: string): Decoded<z.infer<S>> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  if (isDeeperThan(parsed.value, MAX_DEPTH)) return { ok: false, problem: "nested too deeply" };
  return decode(schema, parsed.value);
}

/** Looks no deeper than `levels` itself. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((each) => isDeeperThan(each, levels - 1));
}
