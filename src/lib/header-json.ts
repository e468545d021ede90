/** JSON as the value of a header, which takes no character beyond Latin-1 and no line break. */
export function encodeHeaderJson(value: unknown): string {
  return encodeURIComponent(JSON.stringify(value));
}

/**
 * The value of a header that the relay wrote itself; null where there is none. Throws at any other.
 */
export function decodeHeaderJson(header: string | null): unknown {
  return header === null ? null : JSON.parse(decodeURIComponent(header));
}
