/*
 * Parameters of an overlay's address: a plain table for each kind of page, of which its reader, its
 * form, its documentation and its tests are made. Pure.
 */

/** The words about a parameter, which no page needs: they are left out when pages are built. */
interface About {
  readonly label: string;
  readonly help?: string;
  readonly group: "Look" | "What" | "Moderation" | "Pictures" | "Sound" | "Setting up";
  /** Names that it had: addresses with them go on working. */
  readonly was?: readonly string[];
}

export type Parameter = About &
  (
    | {
        readonly kind: "whole" | "number";
        readonly min: number;
        readonly max: number;
        readonly default: number;
        /** Words that stand for a number. */
        readonly words?: Readonly<Record<string, number>>;
      }
    | { readonly kind: "choice"; readonly of: readonly string[]; readonly default: string }
    | { readonly kind: "list"; readonly of: readonly string[]; readonly default: readonly string[] }
    | { readonly kind: "words"; readonly default: readonly string[] }
    | { readonly kind: "switch"; readonly default: boolean }
    /** A number with a currency or none: `5`, `5USD`. */
    | { readonly kind: "amount"; readonly default: Least }
    /** Of these a wrong value is the default, and an empty one is "not given". */
    | { readonly kind: "color" | "url" | "time" | "language" | "slug"; readonly default: string }
    | { readonly kind: "text"; readonly max: number; readonly default: string }
  );

/** The least of something that counts, in one currency or in each. */
export interface Least {
  readonly value: number;
  readonly currency: string;
}

export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> = P extends { kind: "choice" | "list"; of: readonly (infer W)[] }
  ? P extends { kind: "list" }
    ? readonly W[]
    : W
  : P extends { kind: "words" }
    ? readonly string[]
    : P extends { kind: "switch" }
      ? boolean
      : P extends { kind: "amount" }
        ? Least
        : P extends { kind: "whole" | "number" }
          ? number
          : string;

/** The values of a table's parameters. */
export type Settings<T extends Parameters> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** A parameter whose value was none, and its value instead; or a word that is no parameter. */
export type Note = readonly [name: string, given: string, taken: string];

/** Reads a value of one kind; null where nothing near is meant. */
type Reader = (text: string, parameter: never) => unknown;
export type Readers = ReadonlyMap<string, Reader>;

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly words?: Readonly<Record<string, number>>;
}

interface Choice {
  readonly of: readonly string[];
}

function readNumber(text: string, { min, max, words = {} }: Bounds): number | null {
  const word = new Map(Object.entries(words)).get(text);
  if (word !== undefined) return word;
  const number = Number(text || Number.NaN);
  return Number.isNaN(number) ? null : Math.min(max, Math.max(min, number));
}

/** Readers of the kinds that every overlay has; those that look at the page are given to it. */
export const readers: Readers = new Map<string, Reader>([
  ["number", readNumber],
  [
    "whole",
    (text, bounds: Bounds) => {
      const number = readNumber(text, bounds);
      return number === null ? null : Math.round(number);
    },
  ],
  ["choice", (text, { of }: Choice) => (of.includes(text) ? text : null)],
  [
    "list",
    (text, { of }: Choice) => {
      const known = splitWords(text).filter((word) => of.includes(word));
      return known.length > 0 || text === "" ? known : null;
    },
  ],
  ["words", (text) => splitWords(text).slice(0, 200)],
  ["switch", (text) => (/^(on|off|)$/.test(text) ? text !== "off" : null)],
  ["slug", (text) => (/^[a-z0-9][a-z0-9-]{0,63}$/.test(text) ? text : null)],
  ["text", (text, { max }: { max: number }) => text.slice(0, max)],
]);

/**
 * Reads an address by a table. Every value is a good one: the nearest to the one given, else the
 * default; a note says which were not as given.
 */
export function readParameters<T extends Parameters>(
  table: T,
  query: Iterable<readonly [string, string]>,
  kinds: Readers,
): { settings: Settings<T>; notes: Note[] } {
  const given = new Map(query);
  const notes: Note[] = [];
  const settings = new Map<string, unknown>();
  for (const [name, parameter] of Object.entries(table)) {
    settings.set(name, parameter.default);
    const key = [name, ...(parameter.was ?? [])].find((each) => given.has(each));
    if (key === undefined) continue;
    const text = (given.get(key) ?? "").trim();
    given.delete(key);
    const read = kinds.get(parameter.kind)?.(text, parameter as never) ?? null;
    if (read !== null) settings.set(name, read);
    const isSame =
      typeof read === "number" ? Number(text) === read || "words" in parameter : read !== null;
    const isWhole = !Array.isArray(read) || read.length === splitWords(text).length;
    if (!isSame || !isWhole) notes.push([name, text, JSON.stringify(settings.get(name))]);
  }
  for (const [name, text] of given) notes.push([name, text, ""]);
  return { settings: Object.fromEntries(settings) as Settings<T>, notes };
}

/** Splits a comma list into its words, each once. */
function splitWords(text: string): string[] {
  return [...new Set(text.split(",").map((word) => word.trim()))].filter(Boolean);
}
