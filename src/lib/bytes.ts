const encoder = new TextEncoder();

/** How many bytes a text takes as UTF-8: what every limit of storage and wire is counted in. */
export function countBytes(text: string): number {
  return encoder.encode(text).byteLength;
}

/** Does a text take more bytes than that? Most are told by their length alone. */
export function isLonger(text: string, bytes: number): boolean {
  if (text.length > bytes) return true;
  return text.length * 3 > bytes && countBytes(text) > bytes;
}
