/*
 * Parameters of an overlay's address: a plain table for each kind of page, of which its reader, its
 * form, its documentation and its tests are made. Pure.
 */

/** The words about a parameter, which no page needs: what it has of a table is packed. */
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

/** Reads a value of one kind, within its bounds; null where nothing near is meant. */
type Reader = (text: string, bounds: readonly string[]) => unknown;
export type Readers = ReadonlyMap<string, Reader>;

function readNumber(text: string, [min, max, ...words]: readonly string[]): number | null {
  const word = words.find((each) => each.startsWith(`${text}:`));
  const number = Number(word?.split(":")[1] ?? (text || Number.NaN));
  if (Number.isNaN(number)) return null;
  return word ? number : Math.min(Number(max), Math.max(Number(min), number));
}

function readChoice(text: string, of: readonly string[]): string | null {
  // Other words for on and off, as people write them.
  const word = text.replace(/^(1|true|yes)$/, "on").replace(/^(0|false|no)$/, "off");
  return of.includes(word) ? word : null;
}

/** Readers of the kinds that every overlay has; those that look at the page are given to it. */
export const readers: Readers = new Map<string, Reader>([
  ["number", readNumber],
  [
    "whole",
    (text, bounds) => {
      const number = readNumber(text, bounds);
      return number === null ? null : Math.round(number);
    },
  ],
  ["choice", readChoice],
  [
    "list",
    (text, of) => {
      const known = splitWords(text).filter((word) => of.includes(word));
      return known.length > 0 || text === "" ? known : null;
    },
  ],
  ["words", (text) => splitWords(text).slice(0, 200)],
  [
    "switch",
    (text) => {
      const word = readChoice(text || "on", ["on", "off"]);
      return word && word === "on";
    },
  ],
  ["slug", (text) => (/^[a-z0-9][a-z0-9-]{0,63}$/.test(text) ? text : null)],
  ["text", (text, [max]) => text.slice(0, Number(max))],
]);

/**
 * Reads an address by a packed table (`packing.ts`). Every value is a good one: the nearest to the
 * one given, else the default.
 */
export function readParameters(
  packed: string,
  query: Iterable<readonly [string, string]>,
  kinds: Readers,
): Record<string, unknown> {
  const given = new Map(query);
  const values = packed.split(";").map((line) => {
    const [names = "", kind = "", usual = "", ...bounds] = line.split(" ");
    const read = (text: string): unknown => kinds.get(kind)?.(text, bounds) ?? null;
    const [name = "", ...was] = names.split("|");
    const key = [name, ...was].find((each) => given.has(each));
    const value = key === undefined ? null : read((given.get(key) ?? "").trim());
    return [name, value ?? read(usual) ?? usual] as const;
  });
  return Object.fromEntries(values);
}

/** Splits a comma list into its words, each once. */
export function splitWords(text: string): string[] {
  return [...new Set(text.split(",").map((word) => word.trim()))].filter(Boolean);
}
