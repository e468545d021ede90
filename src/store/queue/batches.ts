import type { Lane } from "../../delivery/agenda.ts";
import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";
import { parseRow, type Delivery, type DeliveryRow } from "./deliveries.ts";

/** A batch that may still grow: the newest delivery of its lane, if it is one. */
export function findOpenBatch(sql: SqlStorage, lane: Lane): Delivery | null {
  const [row] = sql
    .exec<DeliveryRow>(
      `SELECT * FROM deliveries WHERE lane = ? AND status = 'pending' AND message_id IS NULL
       ORDER BY number DESC LIMIT 1`,
      lane,
    )
    .toArray();
  return row === undefined ? null : parseRow(row);
}

/** Reads what an open batch holds now. */
export function growBatch(
  sql: SqlStorage,
  number: number,
  { seqs, body, dueAt }: { seqs: readonly Seq[]; body: string; dueAt: number },
): void {
  write(
    sql,
    "UPDATE deliveries SET seqs = ?2, last_seq = ?3, body = ?4, due_at = ?5 WHERE number = ?1",
    number,
    JSON.stringify(seqs),
    seqs.at(-1) ?? 0,
    body,
    dueAt,
  );
}

/** From here on the batch is what it is: every attempt has the same id and body. */
export function closeBatch(sql: SqlStorage, number: number, messageId: string): void {
  write(sql, "UPDATE deliveries SET message_id = ?2 WHERE number = ?1", number, messageId);
}
