/** An attachment holds this many bytes, as they are serialised. */
export const ATTACHMENT_MAX_BYTES = 16_384;

/** Is it JSON's own kind of value through and through, so that nothing of it is lost when it is kept? */
export function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every(isPlain);
}

/** How many bytes a plain value takes in an attachment, as V8 serialises it. */
export function attachedBytes(value: unknown): number {
  return 2 + bytesOf(value);
}

function bytesOf(value: unknown): number {
  if (typeof value === "string") {
    const bytes = /[^\0-\xff]/.test(value) ? 2 * value.length : value.length;
    // Two bytes a character begin at an even place.
    return 1 + lengthBytes(bytes) + bytes + (bytes === value.length ? 0 : 1);
  }
  if (typeof value === "number") {
    const isSmall = Number.isInteger(value) && Math.abs(value) < 2 ** 30;
    return isSmall ? 1 + lengthBytes(2 * Math.abs(value)) : 9;
  }
  if (typeof value !== "object" || value === null) return 1;
  const inner = Array.isArray(value) ? value : Object.entries(value).flat();
  const frame = Array.isArray(value)
    ? 3 + 2 * lengthBytes(value.length)
    : 2 + lengthBytes(inner.length);
  return inner.reduce<number>((sum, each) => sum + bytesOf(each), frame);
}

/** A length takes a byte for each seven bits. */
function lengthBytes(length: number): number {
  return length < 128 ? 1 : 1 + lengthBytes(Math.floor(length / 128));
}
