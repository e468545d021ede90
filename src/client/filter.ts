import type { Filter, TypePattern } from "./event-types.ts";

/** A filter with all its lists. An empty list leaves nothing out. */
export interface Lists {
  readonly types: readonly string[];
  readonly providers: readonly string[];
  readonly platforms: readonly string[];
}

/** The fields of an event that a filter looks at. */
interface Filterable {
  readonly type: string;
  readonly provider: string;
  readonly platform: string;
}

// The relay takes no list of more than 64, and two are the channel's own.
const ENTRIES_MAX = 62;

/** Reads what a listener asks for: a type or prefix, several, or a filter. */
export function toLists<P extends TypePattern>(
  what: P | readonly P[] | Filter<P> | undefined,
): Lists {
  const filter: Filter =
    typeof what === "string" || Array.isArray(what)
      ? { types: [what].flat() as TypePattern[] }
      : ((what ?? {}) as Filter);
  const { types = [], providers = [], platforms = [] } = filter;
  return { types: types.includes("*") ? [] : types, providers, platforms };
}

/** Does the filter let this event through? */
export function matches({ types, providers, platforms }: Lists, event: Filterable): boolean {
  return (
    (types.length === 0 || types.some((entry) => covers(entry, event.type))) &&
    (providers.length === 0 || providers.includes(event.provider)) &&
    (platforms.length === 0 || platforms.includes(event.platform))
  );
}

function covers(entry: string, type: string): boolean {
  return entry.endsWith("*") ? type.startsWith(entry.slice(0, -1)) : entry === type;
}

/** The least filter that lets through whatever one of these does. */
export function unite(filters: readonly Lists[]): Lists {
  const join = (key: keyof Lists): readonly string[] => {
    const lists = filters.map((each) => each[key]);
    if (lists.some((list) => list.length === 0)) return [];
    const all = [...new Set(lists.flat())].toSorted();
    return all.length > ENTRIES_MAX ? [] : all;
  };
  return { types: join("types"), providers: join("providers"), platforms: join("platforms") };
}
