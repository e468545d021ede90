/**
 * Milliseconds since 1970 as RFC 3339 in UTC, with milliseconds. Throws for no time at all (NaN).
 */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}

const DAY_MS = 86_400_000;

/** The beginning of a time's day, in UTC. */
export function findDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

// RFC 3339: the date, the time and an offset are all required.
const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt ]((?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?)([Zz]|[+-]\d{2}:\d{2})$/;

/** RFC 3339 text as milliseconds since 1970 (finer digits are cut off), or null if it is none. */
export function parseTime(text: string): number | null {
  const [, date = "", time = "", offset = ""] = RFC_3339.exec(text) ?? [];
  // `Date` takes the 30th of February for the 2nd of March.
  if (!isDay(date)) return null;
  const ms = Date.parse(`${date}T${time}${offset.toUpperCase()}`);
  return isTime(ms) ? ms : null;
}

function isDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return isTime(ms) && formatTime(ms).startsWith(date);
}

// RFC 3339 has four digits for the year: 0000 to 9999.
const MIN_MS = -62_167_219_200_000;
const MAX_MS = 253_402_300_799_999;

/** Is it a time that `formatTime` can write? */
export function isTime(ms: number): boolean {
  return ms >= MIN_MS && ms <= MAX_MS;
}

// RFC 9110, section 5.6.7: the form that is sent, and the two older ones that must be read.
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/** A date as HTTP headers have it, in milliseconds since 1970; null if it is none. */
export function parseHttpDate(text: string): number | null {
  if (!HTTP_DATE.test(text)) return null;
  const ms = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return isTime(ms) ? ms : null;
}
