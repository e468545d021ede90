const VALUES = new Uint8Array(128);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  VALUES[digit.charCodeAt(0)] = value;
  VALUES[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * Reads bytes from hexadecimal digits of a text that a database wrote, as SQLite's `hex` does: an
 * even number of them, in upper or lower case.
 */
export function decodeHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    const high = VALUES[text.charCodeAt(2 * at)] ?? 0;
    bytes[at] = (high << 4) | (VALUES[text.charCodeAt(2 * at + 1)] ?? 0);
  }
  return bytes;
}
