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

/** Words as filters are made of them: the two hashes of each, one after the other. */
export type HashedWords = Uint32Array<ArrayBuffer>;

/** The first hash of a word that has no letters yet. */
export const ONE = 0xdeadbeef | 0;

/** Its second. */
export const OTHER = 0x41c6ce57;

/** Adds a letter to a word's first hash. */
export function mixOne(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x9e3779b1);
}

/** Adds a letter to a word's second hash. */
export function mixOther(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x5f356495);
}

/** A list of hashed words that grows. */
export class WordList {
  #hashes = new Uint32Array(1024);
  #length = 0;

  /** Takes the words that were added out of it. */
  take(): HashedWords {
    const words = this.#hashes.slice(0, this.#length);
    this.#length = 0;
    return words;
  }

  /** Adds a word whose letters have all been mixed (the finish is that of MurmurHash3). */
  addMixed(one: number, other: number): void {
    const first =
      Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
    const second =
      Math.imul(other ^ (other >>> 16), 0x85ebca6b) ^ Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
    this.addHashes(first, second);
  }

  addHashes(first: number, second: number): void {
    if (this.#length === this.#hashes.length) {
      const more = new Uint32Array(2 * this.#length);
      more.set(this.#hashes);
      this.#hashes = more;
    }
    this.#hashes[this.#length] = first;
    this.#hashes[this.#length + 1] = second;
    this.#length += 2;
  }

  add(word: string): void {
    let one = ONE;
    let other = OTHER;
    for (let at = 0; at < word.length; at++) {
      const unit = word.charCodeAt(at);
      one = mixOne(one, unit);
      other = mixOther(other, unit);
    }
    this.addMixed(one, other);
  }
}

/** Hashes a word, for any number of filters. */
export function hashWord(word: string): SoughtWord {
  const list = new WordList();
  list.add(word);
  const [one = 0, other = 0] = list.take();
  return [one, other];
}

/** Makes the filter of words, in which one may come any number of times; none are no bytes. */
export function makeBloom(lists: readonly HashedWords[]): Uint8Array<ArrayBuffer> {
  const words = leaveOutRepeated(lists);
  const bytes = Math.ceil((countWords(words) * BITS_A_WORD) / 8);
  const filter = new Uint8Array(Math.min(bytes, MAX_BYTES));
  const size = filter.length * 8;
  for (let at = 0; at < words.length; at += 2) {
    let bit = findFirst(words[at] ?? 0, size);
    const step = findStep(words[at + 1] ?? 0, size);
    for (let probe = 0; probe < PROBES; probe++) {
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
      bit += step;
      if (bit >= size) bit -= size;
    }
  }
  return filter;
}

const REMEMBERED = 1024;

/** Leaves out most words that come again, as the names of fields do in every event. */
function leaveOutRepeated(lists: readonly HashedWords[]): HashedWords {
  const seen = new Uint32Array(2 * REMEMBERED);
  const list = new WordList();
  for (const words of lists) {
    for (let at = 0; at < words.length; at += 2) {
      const one = words[at] ?? 0;
      const other = words[at + 1] ?? 0;
      const place = 2 * (one & (REMEMBERED - 1));
      if (seen[place] === one && seen[place + 1] === other && (one | other) !== 0) continue;
      seen[place] = one;
      seen[place + 1] = other;
      list.addHashes(one, other);
    }
  }
  return list.take();
}

/**
 * Counts different words, a few too few where they are many: by how many places they take of more
 * than there is room for (Whang, Vander-Zanden and Taylor, 1990).
 */
function countWords(words: HashedWords): number {
  const places = new Uint8Array(MAX_BYTES);
  let count = 0;
  for (let at = 0; at < words.length; at += 2) {
    const place = (words[at] ?? 0) >>> 15;
    const bit = 1 << (place & 7);
    const byte = places[place >> 3] ?? 0;
    if ((byte & bit) !== 0) continue;
    places[place >> 3] = byte | bit;
    count += 1;
  }
  return count;
}

/** Is a word perhaps in the set that a filter was made of? */
export function mayHold(filter: Uint8Array, [one, other]: SoughtWord): boolean {
  const size = filter.length * 8;
  if (size === 0) return false;
  let bit = findFirst(one, size);
  const step = findStep(other, size);
  for (let probe = 0; probe < PROBES; probe++) {
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
    bit += step;
    if (bit >= size) bit -= size;
  }
  return true;
}

/** A word's first bit. Of a hash without its last digit, with which a processor reckons as it is. */
function findFirst(one: number, size: number): number {
  return (one >>> 1) % size;
}

/** How far each of a word's further bits is from the one before (Kirsch and Mitzenmacher, 2006). */
function findStep(other: number, size: number): number {
  return 1 + ((other >>> 1) % (size - 1));
}
