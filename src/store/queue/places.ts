import type { Seq } from "../../event/ids.ts";

/** The places of failed deliveries in a range of the log that nothing has brought since. */
export function findFailedBetween(sql: SqlStorage, after: Seq, upTo: Seq): Set<Seq> {
  const failed = findSeqsWhere(sql, "status = 'failed'", after, upTo);
  if (failed.size === 0) return failed;
  const brought = findSeqsWhere(sql, "status = 'succeeded' AND recovery IS NOT NULL", after, upTo);
  return new Set([...failed].filter((seq) => !brought.has(seq)));
}

/** The places in a range of the log that wait in the queue. */
export function findPendingBetween(sql: SqlStorage, after: Seq, upTo: Seq): Set<Seq> {
  return findSeqsWhere(sql, "status = 'pending'", after, upTo);
}

function findSeqsWhere(sql: SqlStorage, condition: string, after: Seq, upTo: Seq): Set<Seq> {
  const rows = sql.exec<{ seq: number }>(
    `SELECT place.value AS seq FROM deliveries, json_each(deliveries.seqs) AS place
     WHERE ${condition} AND kind = 'event' AND last_seq > ?1 AND first_seq <= ?2
       AND place.value > ?1 AND place.value <= ?2`,
    after,
    upTo,
  );
  return new Set(rows.toArray().map(({ seq }) => seq));
}
