import { within } from "../deadline.ts";
import { Recent } from "../lib/recent.ts";
import { findDay } from "../lib/time.ts";
import { report } from "../report.ts";
import { noteOverlayKeyUse, type OverlayKeyRecord } from "../store/history/overlay-keys.ts";

// Whoever uses a key waits for this, once a day.
const NOTE_MS = 1_000;

// A database that cannot be written to is not asked at every use.
const tried = new Recent<number>({ keepMs: 60_000, most: 2_000 });

/**
 * Notes that an overlay key is used, to the day. Once a day whoever uses it waits for that; whether
 * they are let in does not depend on it.
 */
export async function noteKeyUse(
  db: D1Database,
  { id, lastUsedAt }: Pick<OverlayKeyRecord, "id" | "lastUsedAt">,
  now: number,
): Promise<void> {
  const day = findDay(now);
  if ((lastUsedAt !== null && lastUsedAt >= day) || tried.get(id, now) === day) return;
  tried.set(id, day, now);
  try {
    await within(NOTE_MS, noteOverlayKeyUse(db, id, day));
  } catch (error) {
    report("use of a key not noted", error, { id });
  }
}
