import { z } from "zod";

import { RelayError } from "../errors.ts";
import { parseFilter, type Filter, type FilterWords } from "../event/filter.ts";
import { parsePosition, type Position } from "../event/position.ts";
import { parseTime } from "../lib/time.ts";

/*
 * The query of everything that reads events: one set of filters, one position token.
 */

export const filterQuery = {
  types: z.string().max(4096).optional(),
  providers: z.string().max(1024).optional(),
  platforms: z.string().max(1024).optional(),
};

/**
 * The filter of a request; unknown words are told of, each with its parameter. `forModerators`: whoever
 * asks may moderate, and hears of what only moderators hear of.
 */
export function requireFilter(words: FilterWords, forModerators = false): Filter {
  const parsed = parseFilter(words, forModerators);
  if (parsed.ok) return parsed.filter;
  const [first] = parsed.problems;
  const detail = `${first?.parameter ?? "filter"}: ${first?.detail ?? "invalid"}`;
  throw new RelayError("invalid_input", detail, { problems: parsed.problems });
}

/** The position in a parameter; none is null. */
export function parsePositionParameter(
  text: string | undefined,
  parameter: string,
): Position | null {
  if (text === undefined) return null;
  const position = parsePosition(text);
  if (position !== null) return position;
  throw new RelayError("invalid_input", `${parameter}: is no position`, {
    problems: [{ parameter, detail: "is no position" }],
  });
}

/** A time as RFC 3339, in milliseconds since 1970. */
export const timeParameter = z.string().transform((text, context) => {
  const ms = parseTime(text);
  if (ms !== null) return ms;
  // What is written + in an address is read as a space.
  const isPlus = parseTime(text.replace(/ (?=\d{2}:\d{2}$)/, "+")) !== null;
  const remedy = isPlus ? ": in an address a + is written %2B" : "";
  context.addIssue({ code: "custom", message: `is no RFC 3339 time${remedy}` });
  return z.NEVER;
});

/** A switch in a query. */
export const flagParameter = z
  .enum(["true", "false", "1", "0"])
  .transform((text) => text === "true" || text === "1");
