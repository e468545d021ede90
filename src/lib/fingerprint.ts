/**
 * 106 bits that stand for `text`, as two numbers in base 36: two runs of cyrb53 (bryc, public
 * domain) with different seeds. Quick and synchronous, which a codec needs. Two texts agree by
 * accident about once among 2^53, but whoever wants them to can make them: not for secrets.
 */
export function computeFingerprint(text: string): string {
  return hashText(text, 0).toString(36) + "." + hashText(text, 0x9e3779b9).toString(36);
}

/** Hashes a text to 53 bits (cyrb53), another way for each seed. Not for secrets. */
export function hashText(text: string, seed: number): number {
  let h1 = 0xdeadbeef ^ seed;
  let h2 = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ unit, 2654435761);
    h2 = Math.imul(h2 ^ unit, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
