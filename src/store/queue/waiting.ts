import type { Lane } from "../../delivery/agenda.ts";
import { parseRow, type Delivery, type DeliveryRow } from "./deliveries.ts";

/** The first `count` deliveries of a lane by when they are due. */
export function findFirstDue(sql: SqlStorage, lane: Lane, count: number): Delivery[] {
  return sql
    .exec<DeliveryRow>(
      `SELECT * FROM deliveries WHERE lane = ? AND status = 'pending'
       ORDER BY due_at, number LIMIT ?`,
      lane,
      count,
    )
    .toArray()
    .map(parseRow);
}

/** The oldest `count` deliveries of a lane from a number on: the head of an ordered queue. */
export function findFirstInOrder(
  sql: SqlStorage,
  lane: Lane,
  from: number,
  count: number,
): Delivery[] {
  return sql
    .exec<DeliveryRow>(
      `SELECT * FROM deliveries
       WHERE number >= ? AND lane = ? AND +status = 'pending' ORDER BY number LIMIT ?`,
      from,
      lane,
      count,
    )
    .toArray()
    .map(parseRow);
}

/** The number of the oldest pending delivery; null for none. */
export function findOldestPending(sql: SqlStorage): { number: number; createdAt: number } | null {
  const [row] = sql
    .exec<{ number: number | null; created_at: number | null }>(
      "SELECT min(number) AS number, created_at FROM deliveries WHERE status = 'pending'",
    )
    .toArray();
  if (row === undefined || row.number === null) return null;
  return { number: row.number, createdAt: row.created_at ?? 0 };
}

export function countPending(sql: SqlStorage): number {
  const [row] = sql
    .exec<{ count: number }>("SELECT count(*) AS count FROM deliveries WHERE status = 'pending'")
    .toArray();
  return row?.count ?? 0;
}
