import { computeFingerprint } from "../../../lib/fingerprint.ts";

// Crockford's: no I, L, O or U.
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A ULID: of a time, and, where others have chance, of a name. The same of both is the same. */
export function makeUlid(at: number, name: string): string {
  const [a, b] = toNumbers(name);
  return toDigits(at, 10) + toDigits(a, 8) + toDigits(b, 8);
}

/** An id as databases of the kind that StreamElements uses make them: 24 hexadecimal digits. */
export function makeObjectId(name: string): string {
  return toNumbers(name)
    .map((number) => (number % 2 ** 48).toString(16).padStart(12, "0"))
    .join("");
}

/** A time as frames have it: RFC 3339, in whole seconds. */
export function formatSeconds(iso: string): string {
  return `${iso.slice(0, 19)}Z`;
}

function toNumbers(name: string): [number, number] {
  const [a = "", b = ""] = computeFingerprint(name).split(".");
  return [parseInt(a, 36), parseInt(b, 36)];
}

function toDigits(number: number, count: number): string {
  let digits = "";
  for (let left = number; digits.length < count; left = Math.floor(left / 32)) {
    digits = (DIGITS[left % 32] ?? "") + digits;
  }
  return digits;
}
