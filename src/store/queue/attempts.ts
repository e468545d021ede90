import { z } from "zod";

import { write } from "../object/write.ts";

/** One attempt, in full: what was asked, what was answered, and what came of it. */
export const AttemptRecord = z.object({
  number: z.int(),
  at: z.number(),
  trigger: z.enum(["scheduled", "probe", "manual", "test", "recovery"]),
  class: z.enum(["success", "permanent", "transient", "ours"]),
  reason: z.string(),
  /** A sentence on what went wrong, where there is more to say than the reason. */
  detail: z.string().nullable(),
  url: z.string(),
  traceId: z.string().nullable(),
  requestHeaders: z.record(z.string(), z.string()),
  requestBytes: z.int(),
  status: z.int().nullable(),
  responseHeaders: z.record(z.string(), z.string()).nullable(),
  /** The beginning of the answer's body. */
  body: z.string().nullable(),
  /** How much of the body was read, and whether there was more. */
  bodyBytes: z.int().nullable(),
  bodyCut: z.boolean(),
  headersMs: z.number().nullable(),
  endMs: z.number().nullable(),
  nextAt: z.number().nullable(),
  why: z.string(),
});
export type AttemptRecord = z.infer<typeof AttemptRecord>;

/** An attempt, and the delivery that it was of. */
export interface MadeAttempt {
  readonly delivery: number;
  readonly record: AttemptRecord;
}

export function addAttempts(sql: SqlStorage, attempts: readonly MadeAttempt[]): void {
  write(
    sql,
    `INSERT INTO attempts (delivery, number, record)
     SELECT value ->> '$.delivery', value ->> '$.record.number', value -> '$.record'
     FROM json_each(?)`,
    JSON.stringify(attempts),
  );
}

// A delivery may be tried by hand any number of times, and each attempt is some kilobytes.
const ATTEMPTS_MAX_BYTES = 4 * 1024 * 1024;

/** A delivery's last attempts, as many as one answer has room for, oldest first. */
export function listAttempts(sql: SqlStorage, delivery: number): AttemptRecord[] {
  return sql
    .exec<{ record: string }>(
      `SELECT record FROM (
         SELECT number, record, sum(length(CAST(record AS BLOB)))
                OVER (ORDER BY number DESC ROWS UNBOUNDED PRECEDING) AS bytes
         FROM attempts WHERE delivery = ?)
       WHERE bytes <= ${ATTEMPTS_MAX_BYTES} ORDER BY number`,
      delivery,
    )
    .toArray()
    .map(({ record }) => AttemptRecord.parse(JSON.parse(record)));
}

/**
 * Takes away what receivers answered, where it has one of these words: they may have sent back what
 * they were sent. Null: wherever they answered anything.
 */
export function forgetAnswers(sql: SqlStorage, words: readonly string[] | null): void {
  write(
    sql,
    `UPDATE attempts SET record = json_set(record, '$.body', NULL)
     WHERE json_extract(record, '$.body') IS NOT NULL AND (?1 IS NULL OR EXISTS (
       SELECT 1 FROM json_each(?1) AS word WHERE instr(attempts.record, word.value) > 0))`,
    words === null ? null : JSON.stringify(words),
  );
}
