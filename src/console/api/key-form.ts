/* The form of the relay's keys, by which a typing error is seen before anything is asked. Pure. */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY = /^(trbo?_[0-9A-Za-z]{12}_[0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/** A text as a key: one that can be right, one that cannot, or something else, as the admin key. */
export type KeyLook = "key" | "overlay" | "mistyped" | "other" | "empty";

/** Looks at what was pasted or typed as a key. */
export function lookAtKey(given: string): KeyLook {
  const text = cleanKey(given);
  if (text === "") return "empty";
  const match = KEY.exec(text);
  if (match !== null) {
    const [, body = "", checksum] = match;
    if (computeChecksum(body) !== checksum) return "mistyped";
    return body.startsWith("trbo_") ? "overlay" : "key";
  }
  return /^trbo?_[0-9A-Za-z]{12}_/.test(text) ? "mistyped" : "other";
}

/** Takes off what people paste along with a key: spaces, quotes, the word before it. */
export function cleanKey(given: string): string {
  return given
    .trim()
    .replace(/^(authorization:\s*)?bearer\s+/i, "")
    .replace(/^["'`]+|["'`]+$/g, "")
    .trim();
}

/** CRC32 of the text, as six digits to the base 62. */
function computeChecksum(text: string): string {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = "";
  for (let at = 0; at < 6; at++) {
    digits = (DIGITS[rest % 62] ?? "") + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
