const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Random bytes as letters and digits, one character for each byte that can be used fairly: bytes of
 * 248 and more are passed over, so hand in some more than `length`. Throws when they do not suffice.
 */
export function encodeBase62(bytes: Uint8Array, length: number): string {
  let text = "";
  for (const byte of bytes) {
    if (byte >= 248) continue;
    text += ALPHABET.charAt(byte % 62);
    if (text.length === length) return text;
  }
  throw new Error("too few random bytes");
}

/**
 * CRC-32 (IEEE 802.3) of ASCII text as six base-62 digits: a typing error is seen without a look-
 * up.
 */
export function computeChecksum62(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = "";
  for (let i = 0; i < 6; i++) {
    digits = ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/**
 * Random bytes as lower-case letters and digits; hand in some more than `length`. Throws as above.
 */
export function encodeBase36(bytes: Uint8Array, length: number): string {
  let text = "";
  for (const byte of bytes) {
    // 252 = 7 · 36: bytes beyond it would favour the first characters.
    if (byte >= 252) continue;
    text += (byte % 36).toString(36);
    if (text.length === length) return text;
  }
  throw new Error("too few random bytes");
}
