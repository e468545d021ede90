/** A setting that is a whole number from 0 on; null for one that is missing or something else. */
export function parseWholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
