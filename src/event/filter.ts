import { z } from "zod";

import type { Decoded } from "../lib/json.ts";
import { catalogue, CUSTOM_TYPE, isForModerators } from "./catalogue.ts";
import { Platform, ProviderId } from "./ids.ts";

/** The part of a channel that is to be heard. An empty list leaves nothing out. */
export interface Filter {
  /** Types, or prefixes with `.*`. Sorted, without repeats. */
  readonly types: readonly string[];
  readonly providers: readonly string[];
  readonly platforms: readonly string[];
  /** Types that nobody hears of but who may moderate are let through as well. */
  readonly forModerators: boolean;
}

/** A filter as it is kept: it was read by `parseFilter` before. */
export const KeptFilter: z.ZodType<Filter> = z.object({
  types: z.array(z.string()),
  providers: z.array(z.string()),
  platforms: z.array(z.string()),
  forModerators: z.boolean().default(false),
});

/** Leaves nothing out. */
export const EVERYTHING: Filter = {
  types: [],
  providers: [],
  platforms: [],
  forModerators: true,
};

/** The fields that a filter looks at. */
export interface Filterable {
  readonly type: string;
  readonly provider: string;
  readonly platform: string;
}

/** A problem with one of the filter's three lists. */
export interface FilterProblem {
  readonly parameter: "types" | "providers" | "platforms";
  readonly detail: string;
}

// A prefix stands for a family of types: more entries than this help nobody. The bound keeps a filter
// small enough for a socket's attachment (16,384 bytes).
const MAX_ENTRIES = 64;

/** The lists of a filter as they come in: comma lists, arrays, or nothing. */
export interface FilterWords {
  readonly types?: string | readonly string[] | null | undefined;
  readonly providers?: string | readonly string[] | null | undefined;
  readonly platforms?: string | readonly string[] | null | undefined;
}

/**
 * Reads a filter. Unknown types and providers are problems, not silence: a typing error would
 * otherwise look like a quiet channel. `forModerators`: whoever asks may moderate.
 */
export function parseFilter(
  words: FilterWords,
  forModerators = false,
): { ok: true; filter: Filter } | { ok: false; problems: FilterProblem[] } {
  const problems: FilterProblem[] = [];
  const read = (
    parameter: FilterProblem["parameter"],
    isKnown: (entry: string) => boolean,
  ): readonly string[] => {
    const list = split(words[parameter]);
    if (list.length > MAX_ENTRIES) {
      problems.push({ parameter, detail: `at most ${MAX_ENTRIES} entries` });
      return [];
    }
    for (const entry of list) {
      if (!isKnown(entry)) {
        problems.push({ parameter, detail: `unknown: ${entry.slice(0, 64)}` });
      }
    }
    return list;
  };
  const filter = {
    types: dropCovered(read("types", isKnownTypeOrPrefix)),
    providers: read("providers", (entry) => ProviderId.safeParse(entry).success),
    platforms: read("platforms", (entry) => Platform.safeParse(entry).success),
    forModerators,
  };
  return problems.length === 0 ? { ok: true, filter } : { ok: false, problems };
}

/** As `parseFilter`, with the problems as one sentence. */
export function decodeFilter(words: FilterWords): Decoded<Filter> {
  const parsed = parseFilter(words);
  if (parsed.ok) return { ok: true, value: parsed.filter };
  const problem = parsed.problems.map((each) => `${each.parameter}: ${each.detail}`).join("; ");
  return { ok: false, problem };
}

/** Does the filter let this event through? */
export function matches(filter: Filter, event: Filterable): boolean {
  return (
    (filter.forModerators || !isForModerators(event.type)) &&
    (filter.types.length === 0 || filter.types.some((type) => covers(type, event.type))) &&
    (filter.providers.length === 0 || filter.providers.includes(event.provider)) &&
    (filter.platforms.length === 0 || filter.platforms.includes(event.platform))
  );
}

/** Does the filter let everything through, but for what only moderators hear of? */
export function isEverything(filter: Filter): boolean {
  return (
    filter.types.length === 0 && filter.providers.length === 0 && filter.platforms.length === 0
  );
}

/** Equal for filters that let the same through word by word; what is encoded once is kept by it. */
export function formatFilterKey(filter: Filter): string {
  const { types, providers, platforms, forModerators } = filter;
  return [types, providers, platforms, [forModerators]].map((list) => list.join(",")).join("|");
}

/** The part of a prefix before its star (`chat.` of `chat.*`), or null for an exact type. */
function parsePrefix(entry: string): string | null {
  return entry.endsWith("*") ? entry.slice(0, -1) : null;
}

function covers(entry: string, type: string): boolean {
  const prefix = parsePrefix(entry);
  return prefix === null ? entry === type : type.startsWith(prefix);
}

const TYPES = Object.keys(catalogue);

function isKnownTypeOrPrefix(entry: string): boolean {
  if (entry === "*" || entry === "custom.*") return true;
  if (entry.endsWith(".*")) {
    const prefix = entry.slice(0, -1);
    return TYPES.some((type) => type.startsWith(prefix)) || CUSTOM_TYPE.test(entry.slice(0, -2));
  }
  return TYPES.includes(entry) || CUSTOM_TYPE.test(entry);
}

/** Drops types whose family is there. Those for moderators stay: to name them says more than that. */
function dropCovered(types: readonly string[]): readonly string[] {
  if (types.includes("*")) return [];
  return types.filter(
    (type) =>
      isForModerators(type) ||
      !types.some((other) => other !== type && parsePrefix(other) !== null && covers(other, type)),
  );
}

function split(words: string | readonly string[] | null | undefined): readonly string[] {
  if (words === null || words === undefined) return [];
  const list = typeof words === "string" ? words.split(",") : words;
  const trimmed = list.map((entry) => entry.trim()).filter((entry) => entry !== "");
  return [...new Set(trimmed)].toSorted();
}
