/** Milliseconds since 1970 as RFC 3339 in UTC, with milliseconds. Throws for no time at all (NaN). */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}

// RFC 3339: the date, the time and an offset are all required.
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** RFC 3339 text as milliseconds since 1970 (finer digits are cut off), or null if it is none. */
export function parseTime(text: string): number | null {
  if (!RFC_3339.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

// What `Date` can hold (ECMA-262, 21.4.1.1).
const MAX_MS = 8.64e15;

/** Is it a time that `formatTime` can write? */
export function isTime(ms: number): boolean {
  return Number.isFinite(ms) && Math.abs(ms) <= MAX_MS;
}
