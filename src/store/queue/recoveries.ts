import { z } from "zod";

import { write } from "../object/write.ts";

/** A job that brings events again. Places are of the channel's log. */
export const Recovery = z.object({
  number: z.int(),
  only: z.enum(["failed", "missing", "all"]),
  after: z.int(),
  upTo: z.int(),
  status: z.enum(["counting", "running", "done", "cancelled"]),
  /** How far has been counted, and how far has been put in the queue. */
  countedTo: z.int(),
  queuedTo: z.int(),
  /** Events there were to bring when it began. Whole once it is no longer counting. */
  total: z.int(),
  queued: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  /** From where to where something was to be brought that is no longer kept. */
  lost: z.object({ after: z.int(), upTo: z.int() }).nullable().default(null),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
});
export type Recovery = z.infer<typeof Recovery>;

/** Adds a job; answers its number. */
export function addRecovery(sql: SqlStorage, recovery: Omit<Recovery, "number">): Recovery {
  const [row] = sql
    .exec<{ number: number }>("SELECT coalesce(max(number), 0) + 1 AS number FROM recoveries")
    .toArray();
  const added = { ...recovery, number: row?.number ?? 1 };
  saveRecovery(sql, added);
  return added;
}

export function saveRecovery(sql: SqlStorage, recovery: Recovery): void {
  write(
    sql,
    `INSERT INTO recoveries (number, state) VALUES (?1, ?2)
     ON CONFLICT (number) DO UPDATE SET state = ?2`,
    recovery.number,
    JSON.stringify(recovery),
  );
}

export function findRecovery(sql: SqlStorage, number: number): Recovery | null {
  const [row] = sql
    .exec<{ state: string }>("SELECT state FROM recoveries WHERE number = ?", number)
    .toArray();
  return row === undefined ? null : Recovery.parse(JSON.parse(row.state));
}

/** Jobs before a number, newest first. */
export function listRecoveries(sql: SqlStorage, before: number, limit: number): Recovery[] {
  return sql
    .exec<{ state: string }>(
      "SELECT state FROM recoveries WHERE number < ? ORDER BY number DESC LIMIT ?",
      before,
      limit,
    )
    .toArray()
    .map((row) => Recovery.parse(JSON.parse(row.state)));
}

/** The job at work: the oldest that has not ended. */
export function findCurrentRecovery(sql: SqlStorage): Recovery | null {
  const [row] = sql
    .exec<{ state: string }>(
      `SELECT state FROM recoveries WHERE state ->> '$.status' IN ('counting', 'running')
       ORDER BY number LIMIT 1`,
    )
    .toArray();
  return row === undefined ? null : Recovery.parse(JSON.parse(row.state));
}
