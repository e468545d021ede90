import { parseHttpDate } from "./time.ts";

/**
 * `Retry-After` in either form (RFC 9110, 10.2.3), as a wait from now in milliseconds; null if there
 * is none to be read. A date that has passed is no wait. Callers bound it: it may be for years.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,15}$/.test(text)) return Number(text) * 1_000;
  const date = parseHttpDate(text);
  return date === null ? null : Math.max(0, date - now);
}

/** The same of a rate's end, in seconds since 1970, as some have it in `Ratelimit-Reset`. */
export function parseReset(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  return /^\d{10,12}$/.test(text) ? Math.max(0, Number(text) * 1_000 - now) : null;
}
