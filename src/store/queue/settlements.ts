import type { Forward } from "../../delivery/forward.ts";
import type { DeliveryState, Why } from "../../delivery/settle.ts";
import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";

// It is tried before its time, which is kept: a failure until then costs it nothing.
const PLANNED = "planned_at = max(coalesce(planned_at, 0), due_at)";

/** The state of a delivery after an attempt. A settled one keeps no body: the log has it. */
export function saveState(
  sql: SqlStorage,
  number: number,
  state: DeliveryState,
  why: Why,
  now: number,
): void {
  const isSettled = state.status !== "pending";
  write(
    sql,
    `UPDATE deliveries SET status = ?2, attempts = ?3, step = ?4, deferrals = ?5, due_at = ?6,
       planned_at = NULL, why = ?7, settled_at = ?8, body = CASE WHEN ?9 AND kind = 'event' THEN NULL ELSE body END,
       lane = CASE WHEN lane = 'urgent' AND kind = 'event' AND NOT ?9 THEN 'live' ELSE lane END
     WHERE number = ?1`,
    number,
    state.status,
    state.attempts,
    state.step,
    state.deferrals,
    state.dueAt,
    why,
    isSettled ? now : null,
    isSettled ? 1 : 0,
  );
}

/** A delivery that was taken by its endpoint. */
export interface Success {
  readonly number: number;
  /** Attempts on record, this one included. */
  readonly attempts: number;
  readonly at: number;
}

/** Does for many deliveries that went well what `saveState` does for one. */
export function saveSuccesses(sql: SqlStorage, successes: readonly Success[]): void {
  write(
    sql,
    `UPDATE deliveries SET status = 'succeeded', why = 'delivered',
       attempts = each.value ->> '$.attempts', settled_at = each.value ->> '$.at',
       body = CASE WHEN kind = 'event' THEN NULL ELSE body END
     FROM json_each(?) AS each WHERE deliveries.number = each.value ->> '$.number'`,
    JSON.stringify(successes),
  );
}

/** Puts a delivery off without an attempt having been made. */
export function postpone(sql: SqlStorage, number: number, dueAt: number): void {
  write(
    sql,
    "UPDATE deliveries SET due_at = ?2, deferrals = deferrals + 1 WHERE number = ?1",
    number,
    dueAt,
  );
}

/** Has a delivery of an ordered queue tried as soon as it is its turn. */
export function makeDue(sql: SqlStorage, number: number, now: number): void {
  write(sql, `UPDATE deliveries SET ${PLANNED}, due_at = ?2 WHERE number = ?1`, number, now);
}

/**
 * Has all that waits for its next try be due at once, as far as it is chosen. Answers whether there
 * was something.
 */
export function bringForward(
  sql: SqlStorage,
  { isRetryAfterOverruled, deferralsBelow }: Forward,
  { after, upTo, now }: { after: Seq; upTo: Seq; now: number },
): boolean {
  const rows = write(
    sql,
    `UPDATE deliveries SET ${PLANNED}, due_at = ?1
     WHERE status = 'pending' AND due_at > ?1 AND attempts + deferrals > 0
       AND deferrals < ?2 AND (?3 OR why IS NOT 'retry_after')
       AND last_seq > ?4 AND first_seq <= ?5`,
    now,
    deferralsBelow,
    isRetryAfterOverruled ? 1 : 0,
    after,
    upTo,
  );
  return rows > 0;
}

/** Has a delivery tried at once, out of turn. `body` is what it is to say, read anew. */
export function makeUrgent(
  sql: SqlStorage,
  number: number,
  { body, isOnce, now }: { body: string | null; isOnce: boolean; now: number },
): void {
  write(
    sql,
    `UPDATE deliveries SET ${PLANNED}, lane = 'urgent', status = 'pending', due_at = ?2, is_once = ?3,
       body = coalesce(?4, body), settled_at = NULL WHERE number = ?1`,
    number,
    now,
    isOnce ? 1 : 0,
    body,
  );
}

/**
 * Drops what a recovery brought and nobody has sent yet. Answers the place before the
 * first of it; null if there was nothing.
 */
export function cancelRecovered(
  sql: SqlStorage,
  recovery: number,
  except: readonly number[],
  now: number,
): Seq | null {
  const cancelled = sql
    .exec<{ first_seq: number }>(
      `UPDATE deliveries SET status = 'cancelled', why = 'cancelled', settled_at = ?2, body = NULL
       WHERE recovery = ?1 AND status = 'pending'
         AND number NOT IN (SELECT value FROM json_each(?3))
       RETURNING first_seq`,
      recovery,
      now,
      JSON.stringify(except),
    )
    .toArray();
  if (cancelled.length === 0) return null;
  return Math.min(...cancelled.map((row) => row.first_seq)) - 1;
}
