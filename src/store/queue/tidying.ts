import { write } from "../object/write.ts";

// A range of old deliveries that is taken away at once.
const FORGET_ROWS = 1_000;

/** Takes away settled deliveries with their attempts: old ones, and beyond the newest `keep`. */
export function forgetDeliveries(
  sql: SqlStorage,
  { settledBefore, keep }: { settledBefore: number; keep: number },
): number {
  const [row] = sql
    .exec<{ head: number | null }>("SELECT max(number) AS head FROM deliveries")
    .toArray();
  const head = row?.head ?? 0;
  const gone = sql
    .exec<{ number: number }>(
      `SELECT number FROM (
         SELECT number, status, settled_at FROM deliveries ORDER BY number LIMIT ${FORGET_ROWS})
       WHERE status <> 'pending' AND number < ?1 AND (settled_at < ?2 OR number <= ?3)`,
      head,
      settledBefore,
      head - keep,
    )
    .toArray()
    .map((each) => each.number);
  const list = JSON.stringify(gone);
  write(sql, "DELETE FROM attempts WHERE delivery IN (SELECT value FROM json_each(?))", list);
  write(sql, "DELETE FROM deliveries WHERE number IN (SELECT value FROM json_each(?))", list);
  return gone.length;
}
