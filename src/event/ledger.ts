import { findPacificDay } from "../lib/pacific-day.ts";
import type { Balance, Cost } from "./quota.ts";

/*
 * The ledger of quotas: how much of a day's units the deployment has used of an account. A day is one in
 * Pacific time, which Google counts by; no other provider counts days.
 */

const HOUR_MS = 3_600_000;

/** The day and the hour that a call is booked in. */
export interface LedgerPlace {
  /** `2026-11-29`. */
  readonly day: string;
  /** Hours since 1970. */
  readonly hour: number;
}

/** A day of an account as it is kept: all that was used, and in its last hour and the one before. */
export interface LedgerRow {
  readonly used: number;
  readonly hour: number;
  readonly hour_used: number;
  readonly before_used: number;
}

/** Finds where a call at `at` is booked. */
export function findLedgerPlace(at: number): LedgerPlace {
  return { day: findPacificDay(at).date, hour: Math.floor(at / HOUR_MS) };
}

/** Computes what is left of a day, and until when that lasts. */
export function computeBalance(
  { bucket, limit }: Pick<Cost, "bucket" | "limit">,
  row: LedgerRow,
  at: number,
): Balance {
  const { from, to: resetsAt } = findPacificDay(at);
  const left = Math.max(0, limit - row.used);
  const rate = computeRate(row, at, from);
  const lastsUntil = rate === 0 ? Infinity : at + (left / rate) * HOUR_MS;
  const emptyAt = left === 0 ? at : lastsUntil < resetsAt ? Math.floor(lastsUntil) : null;
  return { bucket, limit, used: row.used, resetsAt, emptyAt };
}

/** Units an hour, of late: the hour before counts for as much of it as is in the last 60 minutes. */
function computeRate(row: LedgerRow, at: number, dayFrom: number): number {
  const hour = Math.floor(at / HOUR_MS);
  const passed = (at - hour * HOUR_MS) / HOUR_MS;
  const [now, before] =
    hour <= row.hour
      ? [row.hour_used, row.before_used]
      : [0, hour === row.hour + 1 ? row.hour_used : 0];
  const used = now + before * (1 - passed);
  // Of a day that has just begun less than an hour can be looked back on.
  const looked = Math.min(1, Math.max(1 / 60, (at - dayFrom) / HOUR_MS));
  return used / looked;
}
