import { write } from "../object/write.ts";

// A program that has not heard an answer asks again within a day (as with `Idempotency-Key`).
const REMEMBERED_MS = 86_400_000;

/** A send that was taken on: a digest of what was asked for, and the connections it went to. */
interface KeptSend {
  readonly digest: string;
  readonly targets: string[];
}

/** Finds what was asked for by this name within a day; null for nothing. */
export function findSend(sql: SqlStorage, sendId: string): KeptSend | null {
  const [row] = sql
    .exec<{ digest: string; targets: string }>(
      "SELECT digest, targets FROM sends WHERE send_id = ?",
      sendId,
    )
    .toArray();
  return row === undefined
    ? null
    : { digest: row.digest, targets: JSON.parse(row.targets) as string[] };
}

/** Remembers a send, and forgets those that are too old. */
export function putSend(
  sql: SqlStorage,
  sendId: string,
  { digest, targets, now }: KeptSend & { readonly now: number },
): void {
  write(sql, "DELETE FROM sends WHERE asked_at < ?", now - REMEMBERED_MS);
  write(
    sql,
    "INSERT INTO sends (send_id, digest, targets, asked_at) VALUES (?, ?, ?, ?)",
    sendId,
    digest,
    JSON.stringify(targets),
    now,
  );
}

export function putJob(sql: SqlStorage, job: { readonly id: string }): void {
  write(
    sql,
    "INSERT INTO send_jobs (id, job) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET job = ?2",
    job.id,
    JSON.stringify(job),
  );
}

export function dropJob(sql: SqlStorage, id: string): void {
  write(sql, "DELETE FROM send_jobs WHERE id = ?", id);
}

/** The jobs as they were kept, to be read by whoever knows their shape. */
export function listJobs(sql: SqlStorage): unknown[] {
  const rows = sql.exec<{ job: string }>("SELECT job FROM send_jobs ORDER BY id").toArray();
  return rows.map((row): unknown => JSON.parse(row.job));
}
