import type { z } from "zod";

import { decodeJson, type Decoded } from "../lib/json.ts";

/**
 * Reads a provider's frame as `schema`. Never throws, and what it gives can be walked down safely.
 */
export function readFrame<S extends z.ZodType>(schema: S, text: string): Decoded<z.infer<S>> {
  return decodeJson(schema, text);
}
