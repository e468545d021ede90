import { findDay, formatTime, parseTime } from "./time.ts";

/*
 * The day in Pacific time, by which Google counts quotas. Summer time there is from the second Sunday of
 * March to the first of November, at two in the morning (15 U.S.C. 260a): worked out here, since no pure
 * room asks the platform for time zones.
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WINTER_MS = -8 * HOUR_MS;
const SUMMER_MS = -7 * HOUR_MS;

/** A day: its date, and from when until when it lasts, in milliseconds since 1970. */
export interface PacificDay {
  /** `2026-11-29`. */
  readonly date: string;
  readonly from: number;
  readonly to: number;
}

/** Finds the day in Pacific time that a time is in. */
export function findPacificDay(at: number): PacificDay {
  const date = formatTime(at + findOffset(at)).slice(0, 10);
  const midnight = parseTime(`${date}T00:00:00Z`) ?? 0;
  return { date, from: startOf(midnight), to: startOf(midnight + DAY_MS) };
}

/** When a day begins, of which this is midnight by a clock that knows no zones. */
function startOf(midnight: number): number {
  // It changes at two in the morning: at midnight the offset of the evening before holds.
  return midnight - findOffset(midnight - WINTER_MS - HOUR_MS);
}

function findOffset(at: number): number {
  const year = formatTime(at + WINTER_MS).slice(0, 4);
  const begins = findSunday(year, "03", 2) + 2 * HOUR_MS - WINTER_MS;
  const ends = findSunday(year, "11", 1) + 2 * HOUR_MS - SUMMER_MS;
  return at >= begins && at < ends ? SUMMER_MS : WINTER_MS;
}

/** The midnight of the first, second … Sunday of a month. */
function findSunday(year: string, month: string, nth: number): number {
  const first = findDay(parseTime(`${year}-${month}-01T00:00:00Z`) ?? 0);
  // The first of January 1970 was a Thursday.
  const weekday = (((first / DAY_MS + 4) % 7) + 7) % 7;
  return first + (((7 - weekday) % 7) + (nth - 1) * 7) * DAY_MS;
}
