import { z } from "zod";

import type { Lane } from "../../delivery/agenda.ts";
import type { DeliveryState, Why } from "../../delivery/settle.ts";
import type { Seq } from "../../event/ids.ts";

export const Kind = z.enum(["event", "test", "verification"]);
export type Kind = z.infer<typeof Kind>;

export const Status = z.enum(["pending", "succeeded", "failed", "cancelled"]);
export type Status = z.infer<typeof Status>;

/** The words and places of a row. */
const Words = z.object({
  lane: z.enum(["urgent", "live", "recovery"]) satisfies z.ZodType<Lane>,
  kind: Kind,
  status: Status,
  seqs: z.array(z.int()),
});

/** A delivery as it is kept. Times in milliseconds since 1970. */
export interface Delivery extends Omit<DeliveryState, "status"> {
  readonly number: number;
  readonly lane: Lane;
  readonly kind: Kind;
  /** Null while a batch is still open. */
  readonly messageId: string | null;
  readonly firstSeq: Seq;
  readonly lastSeq: Seq;
  readonly seqs: readonly Seq[];
  readonly isBatch: boolean;
  readonly body: string | null;
  readonly status: Status;
  readonly why: Why | "cancelled" | "expired" | null;
  readonly isOnce: boolean;
  readonly createdAt: number;
  readonly settledAt: number | null;
  readonly recovery: number | null;
}

export type NewDelivery = Pick<
  Delivery,
  "lane" | "kind" | "messageId" | "seqs" | "isBatch" | "isOnce" | "dueAt" | "createdAt" | "recovery"
> & { readonly body: string };

/** A row of the table. */
export interface DeliveryRow extends Record<string, SqlStorageValue> {
  number: number;
  lane: string;
  kind: string;
  message_id: string | null;
  first_seq: number;
  last_seq: number;
  seqs: string;
  is_batch: number;
  body: string | null;
  status: string;
  why: string | null;
  attempts: number;
  step: number;
  deferrals: number;
  is_once: number;
  due_at: number;
  created_at: number;
  settled_at: number | null;
  recovery: number | null;
  planned_at: number | null;
}

/** Adds a delivery; answers its number. */
export function addDelivery(sql: SqlStorage, delivery: NewDelivery): number {
  const { seqs } = delivery;
  const [row] = sql
    .exec<{ number: number }>(
      `INSERT INTO deliveries
       (lane, kind, message_id, first_seq, last_seq, seqs, is_batch, body, status, why,
        attempts, step, deferrals, is_once, due_at, created_at, settled_at, recovery)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', NULL, 0, 0, 0, ?, ?, ?, NULL, ?)
     RETURNING number`,
      delivery.lane,
      delivery.kind,
      delivery.messageId,
      seqs[0] ?? 0,
      seqs.at(-1) ?? 0,
      JSON.stringify(seqs),
      delivery.isBatch ? 1 : 0,
      delivery.body,
      delivery.isOnce ? 1 : 0,
      delivery.dueAt,
      delivery.createdAt,
      delivery.recovery,
    )
    .toArray();
  if (row === undefined) throw new Error("the delivery was not kept");
  return row.number;
}

export function findDelivery(sql: SqlStorage, number: number): Delivery | null {
  const [row] = sql
    .exec<DeliveryRow>("SELECT * FROM deliveries WHERE number = ?", number)
    .toArray();
  return row === undefined ? null : parseRow(row);
}

/** Deliveries before a number, newest first. */
export function listDeliveries(
  sql: SqlStorage,
  { before, status, limit }: { before: number; status: Status | null; limit: number },
): Delivery[] {
  const rows =
    status === "failed"
      ? sql.exec<DeliveryRow>(
          `SELECT * FROM deliveries WHERE status = 'failed' AND number < ?
           ORDER BY number DESC LIMIT ?`,
          before,
          limit,
        )
      : sql.exec<DeliveryRow>(
          `SELECT * FROM deliveries WHERE number < ?1 AND (?2 IS NULL OR +status = ?2)
           ORDER BY number DESC LIMIT ?3`,
          before,
          status,
          limit,
        );
  return rows.toArray().map(parseRow);
}

/** Puts on record that a range of the log was owed and is not kept any more, events and all. */
export function addLost(
  sql: SqlStorage,
  { messageId, first, last, at }: { messageId: string; first: Seq; last: Seq; at: number },
): void {
  sql.exec(
    `INSERT INTO deliveries
       (lane, kind, message_id, first_seq, last_seq, seqs, is_batch, body, status, why,
        attempts, step, deferrals, is_once, due_at, created_at, settled_at, recovery)
     VALUES ('live', 'event', ?1, ?2, ?3, '[]', 1, NULL, 'failed', 'expired', 0, 0, 0, 0, ?4, ?4, ?4, NULL)`,
    messageId,
    first,
    last,
    at,
  );
}

/** A row as a delivery. */
export function parseRow(row: DeliveryRow): Delivery {
  const { lane, kind, status, seqs } = Words.parse({ ...row, seqs: JSON.parse(row.seqs) });
  return {
    number: row.number,
    lane,
    kind,
    messageId: row.message_id,
    firstSeq: row.first_seq,
    lastSeq: row.last_seq,
    seqs,
    isBatch: row.is_batch === 1,
    body: row.body,
    status,
    why: row.why as Delivery["why"],
    attempts: row.attempts,
    step: row.step,
    deferrals: row.deferrals,
    isOnce: row.is_once === 1,
    dueAt: row.due_at,
    plannedAt: row.planned_at,
    createdAt: row.created_at,
    settledAt: row.settled_at,
    recovery: row.recovery,
  };
}
