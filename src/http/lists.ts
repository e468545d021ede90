import type { z } from "zod";

import { RelayError } from "../errors.ts";
import { fromBase64, toBase64 } from "../lib/signing.ts";
import type { ListQuery } from "./schemas/common.ts";

/*
 * Every list of the API is read in pages, the same way: `limit` at most, after `cursor`, which is the
 * `next` of the page before. A cursor is the name of the list and the place of its last entry.
 */

/** A page's parameters. */
export type PageWish = Pick<z.infer<typeof ListQuery>, "cursor" | "limit">;

export interface ListPage<T> {
  readonly data: T[];
  /** The cursor of the next page; null where there is none. */
  readonly next: string | null;
}

/** A list: its name, an entry's place in it, and how entries after a place are found. */
export interface List<T> {
  readonly name: string;
  /** Orders the entries, as `find` does. */
  readonly key: (entry: T) => string;
  /** The first entries after a place, in their order; "" is before all of them. */
  readonly find: (after: string, most: number) => readonly T[] | Promise<readonly T[]>;
}

/** Reads one page of a list. */
export async function readListPage<T>(
  { name, key, find }: List<T>,
  { cursor, limit }: PageWish,
): Promise<ListPage<T>> {
  const found = await find(parseCursor(name, cursor) ?? "", limit + 1);
  const data = found.slice(0, limit);
  const last = data.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { data, next: hasMore ? formatCursor(name, key(last)) : null };
}

/** A list that is all there: its entries are put in the order of their places. */
export function listAll<T>(
  name: string,
  entries: readonly T[],
  key: (entry: T) => string,
): List<T> {
  const sorted = entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const find = (after: string, most: number): T[] =>
    sorted.filter((entry) => after === "" || key(entry) > after).slice(0, most);
  return { name, key, find };
}

/** The cursor after an entry of a list. */
export function formatCursor(list: string, place: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify([list, place]));
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The place that a cursor of this list names; null for none. Any other text is refused. */
export function parseCursor(list: string, cursor: string | undefined): string | null {
  if (cursor === undefined || cursor === "") return null;
  const parts = decodeCursor(cursor);
  if (Array.isArray(parts) && parts.length === 2) {
    const [name, place] = parts as unknown[];
    // As it was written, and not merely what can be read of it.
    const isOurs = name === list && typeof place === "string" && place !== "";
    if (isOurs && formatCursor(list, place) === cursor) return place;
  }
  throw makeBadCursor();
}

/** The refusal of a cursor that cannot be read, or that is another list's. */
export function makeBadCursor(): RelayError {
  const detail = "is no cursor of this list";
  return new RelayError("invalid_input", `cursor: ${detail}`, {
    problems: [{ parameter: "cursor", detail }],
  });
}

function decodeCursor(cursor: string): unknown {
  try {
    const bytes = fromBase64(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    // The answer: it is no cursor.
    return null;
  }
}
