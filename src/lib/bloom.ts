import { hashText } from "./fingerprint.ts";

/*
 * A Bloom filter: a set that answers "not in it" for certain and "in it" with few errors. Ten bits a
 * word and seven probes give one wrong answer in about 120 (Bloom, 1970).
 */

const BITS_A_WORD = 10;
const PROBES = 7;

/** Makes the filter of a set of words; an empty set is no bytes. */
export function makeBloom(words: ReadonlySet<string>): Uint8Array<ArrayBuffer> {
  const filter = new Uint8Array(Math.ceil((words.size * BITS_A_WORD) / 8));
  for (const word of words) {
    for (const bit of listBits(word, filter.length * 8)) {
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return filter;
}

/** Is a word perhaps in the set that a filter was made of? */
export function mayHold(filter: Uint8Array, word: string): boolean {
  if (filter.length === 0) return false;
  return listBits(word, filter.length * 8).every(
    (bit) => ((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0,
  );
}

/** Derives a word's bits from two hashes (Kirsch and Mitzenmacher, 2006). */
function listBits(word: string, size: number): number[] {
  const first = hashText(word, 0) % size;
  const second = hashText(word, 0x9e3779b9) % size;
  return Array.from({ length: PROBES }, (_, probe) => (first + probe * second) % size);
}
