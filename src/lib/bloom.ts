import { hashText } from "./fingerprint.ts";

/*
 * A Bloom filter: a set that answers "not in it" for certain and "in it" with few errors. Eight bits a
 * word and five probes give one wrong answer in about 46 (Bloom, 1970).
 */

const BITS_A_WORD = 8;
const PROBES = 5;

// A set with more words than this has room for answers "in it" more often than it has to.
const MAX_BYTES = 16 * 1024;

/** A word as filters are asked about it: hashed once for all of them. */
export type SoughtWord = readonly [number, number];

/** Makes the filter of a set of words; an empty set is no bytes. */
export function makeBloom(words: ReadonlySet<string>): Uint8Array<ArrayBuffer> {
  const bytes = Math.ceil((words.size * BITS_A_WORD) / 8);
  const filter = new Uint8Array(Math.min(bytes, MAX_BYTES));
  for (const word of words) {
    for (const bit of listBits(hashWord(word), filter.length * 8)) {
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return filter;
}

/** Hashes a word, for any number of filters. */
export function hashWord(word: string): SoughtWord {
  return [hashText(word, 0), hashText(word, 0x9e3779b9)];
}

/** Is a word perhaps in the set that a filter was made of? */
export function mayHold(filter: Uint8Array, word: SoughtWord): boolean {
  if (filter.length === 0) return false;
  return listBits(word, filter.length * 8).every(
    (bit) => ((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0,
  );
}

/** Derives a word's bits from two hashes (Kirsch and Mitzenmacher, 2006). */
function listBits([one, other]: SoughtWord, size: number): number[] {
  const first = one % size;
  const second = other % size;
  return Array.from({ length: PROBES }, (_, probe) => (first + probe * second) % size);
}
