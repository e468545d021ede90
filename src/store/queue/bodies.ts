import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";

/** Deliveries whose texts an erasure may reach: those that hold one of the words. */
export function bodiesWith(
  sql: SqlStorage,
  upTo: Seq,
  words: readonly string[] | null,
): { number: number; seqs: readonly Seq[]; body: string }[] {
  const rows = sql
    .exec<{ number: number; seqs: string; body: string }>(
      `SELECT number, seqs, body FROM deliveries
       WHERE status = 'pending' AND kind = 'event' AND body IS NOT NULL AND first_seq <= ?1
         AND (?2 IS NULL OR EXISTS (
           SELECT 1 FROM json_each(?2) AS word WHERE instr(deliveries.body, word.value) > 0))`,
      upTo,
      words === null ? null : JSON.stringify(words),
    )
    .toArray();
  return rows.map(({ number, seqs, body }) => ({ number, seqs: JSON.parse(seqs) as Seq[], body }));
}

export function replaceBody(sql: SqlStorage, number: number, body: string): void {
  write(sql, "UPDATE deliveries SET body = ?2 WHERE number = ?1", number, body);
}
