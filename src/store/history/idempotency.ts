import type { Queries } from "./queries.ts";

/** The status of a request that failed: nobody is at it, and nobody knows what it has done. */
export const RELEASED = 0;

/** The record of a request with an Idempotency-Key. */
export interface KeptRequest {
  readonly fingerprint: string;
  /** Null while it is under way. */
  readonly status: number | null;
  /** Sealed. */
  readonly answer: string | null;
  readonly createdAt: number;
}

interface Row {
  fingerprint: string;
  status: number | null;
  answer: string | null;
  created_at: number;
}

/**
 * Notes that a request has begun; null if it is to be carried out, and else the earlier one with its
 * id. One that was released, or began before `abandonedBefore` and was never answered, is taken over
 * by the same request: by no other, since it may have been carried out.
 */
export async function beginRequest(
  db: Queries,
  request: { id: string; credential: string; fingerprint: string; now: number },
  abandonedBefore: number,
): Promise<KeptRequest | null> {
  const { id, credential, fingerprint, now } = request;
  const begun = await db
    .prepare(
      `INSERT INTO idempotency (id, credential, fingerprint, created_at) VALUES (?1, ?5, ?2, ?3)
       ON CONFLICT (id) DO UPDATE SET status = NULL, created_at = ?3
         WHERE fingerprint = ?2 AND (status = ${RELEASED} OR (status IS NULL AND created_at < ?4))
       RETURNING id`,
    )
    .bind(id, fingerprint, now, abandonedBefore, credential)
    .first();
  if (begun !== null) return null;
  const row = await db
    .prepare("SELECT fingerprint, status, answer, created_at FROM idempotency WHERE id = ?")
    .bind(id)
    .first<Row>();
  // It was forgotten in between: as good as never there.
  if (row === null) return beginRequest(db, request, abandonedBefore);
  return {
    fingerprint: row.fingerprint,
    status: row.status,
    answer: row.answer,
    createdAt: row.created_at,
  };
}

/** Has a request of this name begun, and not been forgotten? */
export async function isKnownRequest(db: Queries, id: string): Promise<boolean> {
  const row = await db.prepare("SELECT 1 FROM idempotency WHERE id = ?").bind(id).first();
  return row !== null;
}

export async function finishRequest(
  db: Queries,
  id: string,
  status: number,
  answer: string,
): Promise<void> {
  await db
    .prepare("UPDATE idempotency SET status = ?, answer = ? WHERE id = ?")
    .bind(status, answer, id)
    .run();
}

/** The request failed, and may have been carried out: the same may be tried again at once. */
export async function releaseRequest(db: Queries, id: string): Promise<void> {
  await db
    .prepare("UPDATE idempotency SET status = ? WHERE id = ? AND status IS NULL")
    .bind(RELEASED, id)
    .run();
}

/** The request came to nothing: the next with its id is the first again. */
export async function abandonRequest(db: Queries, id: string): Promise<void> {
  await db.prepare("DELETE FROM idempotency WHERE id = ? AND status IS NULL").bind(id).run();
}

/** Forgets requests that began before a time, at most `max`. Answers how many. */
export async function forgetRequests(db: Queries, before: number, max: number): Promise<number> {
  const { meta } = await db
    .prepare(
      `DELETE FROM idempotency WHERE id IN (
         SELECT id FROM idempotency WHERE created_at < ? ORDER BY created_at LIMIT ?)`,
    )
    .bind(before, max)
    .run();
  return meta.changes;
}

/** Forgets the oldest requests of a credential beyond its newest `keep`, at most `max`. */
export async function forgetOldest(
  db: Queries,
  credential: string,
  { keep, max }: { keep: number; max: number },
): Promise<void> {
  await db
    .prepare(
      `DELETE FROM idempotency WHERE id IN (
         SELECT id FROM idempotency WHERE credential = ?1
         ORDER BY created_at DESC LIMIT ?2 OFFSET ?3)`,
    )
    .bind(credential, max, keep)
    .run();
}
