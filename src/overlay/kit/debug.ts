/* What a page thinks, in a corner: for whoever sets it up. Loaded where an address asks for it. */
import { splitWords, type Readers } from "./parameters.ts";
import { makeSpan } from "./words.ts";

const NOTES = 22;

/** Opens a corner for notes, the last few; the first are about the address. */
export function openCorner(
  packed: string,
  query: Iterable<readonly [string, string]>,
  kinds: Readers,
): (text: string) => void {
  const corner = document.body.appendChild(makeSpan("debug"));
  const note = (text: string): void => {
    const last = [...corner.childNodes].slice(-NOTES);
    corner.replaceChildren(...last, text, document.createElement("br"));
  };
  for (const [name, given, taken] of findNotes(packed, query, kinds))
    note(`${name}=${given}: ${taken || "not known"}`);
  return note;
}

/** A parameter whose value was none, and its value instead; or a word that is no parameter. */
export type Note = readonly [name: string, given: string, taken: string];

/** Finds what an address says that is not taken as it is said. */
export function findNotes(
  packed: string,
  query: Iterable<readonly [string, string]>,
  kinds: Readers,
): Note[] {
  const given = new Map(query);
  const notes: Note[] = [];
  for (const line of packed.split(";")) {
    const [names = "", kind = "", usual = "", ...bounds] = line.split(" ");
    const [name = "", ...was] = names.split("|");
    const key = [name, ...was].find((each) => given.has(each));
    if (key === undefined) continue;
    const text = (given.get(key) ?? "").trim();
    given.delete(key);
    const read = kinds.get(kind)?.(text, bounds) ?? null;
    const isWord = bounds.some((each) => each.startsWith(`${text}:`));
    const isSame = typeof read === "number" ? Number(text) === read || isWord : read !== null;
    const isWhole = !Array.isArray(read) || read.length === splitWords(text).length;
    const taken = read ?? kinds.get(kind)?.(usual, bounds) ?? usual;
    if (!isSame || !isWhole) notes.push([name, text, JSON.stringify(taken)]);
  }
  return [...notes, ...[...given].map(([name, text]) => [name, text, ""] as const)];
}
