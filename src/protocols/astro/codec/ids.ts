import { fingerprint } from "../../../lib/fingerprint.ts";

// Crockford's: no I, L, O or U.
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A ULID: of a time, and, where others have chance, of a name. The same of both is the same. */
export function ulid(at: number, name: string): string {
  const [a, b] = numbersOf(name);
  return digitsOf(at, 10) + digitsOf(a, 8) + digitsOf(b, 8);
}

/** An id as databases of the kind that StreamElements uses make them: 24 hexadecimal digits. */
export function objectId(name: string): string {
  return numbersOf(name)
    .map((number) => (number % 2 ** 48).toString(16).padStart(12, "0"))
    .join("");
}

/** A time as frames have it: RFC 3339, in whole seconds. */
export function secondsOf(iso: string): string {
  return `${iso.slice(0, 19)}Z`;
}

function numbersOf(name: string): [number, number] {
  const [a = "", b = ""] = fingerprint(name).split(".");
  return [parseInt(a, 36), parseInt(b, 36)];
}

function digitsOf(number: number, count: number): string {
  let digits = "";
  for (let left = number; digits.length < count; left = Math.floor(left / 32)) {
    digits = (DIGITS[left % 32] ?? "") + digits;
  }
  return digits;
}
