/*
 * The times at which a channel's archive is seen to.
 */

/** The next thing to put away: more at once, what is too young yet, or nothing. */
export type NextShelving = "more" | "nothing" | { readonly lastAt: number };

// Where there is nothing to put away, and after a failure.
const IDLE_MS = 3_600_000;
const FAILED_MS = 60_000;

// Between two volumes others have their turns.
const MORE_MS = 250;

/**
 * The time at which a channel looks for something to put away again. `ageMs`: how old it has to be.
 * Null: the last look failed.
 */
export function computeNextShelving(next: NextShelving | null, now: number, ageMs: number): number {
  if (next === null) return now + FAILED_MS;
  if (next === "more") return now + MORE_MS;
  if (next === "nothing") return now + IDLE_MS;
  return Math.max(next.lastAt + ageMs + 1, now + FAILED_MS);
}

const HOUR_MS = 3_600_000;
const AGE_HOURS = 24;

/** Reads how old history is when it is put away, in milliseconds: a day where nothing else is said. */
export function readShelvingAge(hours: string | undefined): number {
  const given = Number(hours === undefined || hours.trim() === "" ? AGE_HOURS : hours);
  return (Number.isFinite(given) && given >= 0 ? given : AGE_HOURS) * HOUR_MS;
}
