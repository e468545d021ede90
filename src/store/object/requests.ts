import { write } from "./write.ts";

/**
 * A step of a schema: what requests made, each by its name, so that a repeat makes nothing more.
 */
export const REQUESTS_STEP = `
  CREATE TABLE requests (
    request  TEXT    PRIMARY KEY,
    made     TEXT    NOT NULL,
    asked_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- For forgetting those that are a day old.
  CREATE INDEX requests_by_time ON requests (asked_at);
`;

// As long as the answer of a request with an Idempotency-Key is kept.
const REMEMBERED_MS = 86_400_000;

/** Finds what a request made here, by its name; null if it made nothing within a day. */
export function findMade(sql: SqlStorage, request: string | null): string | null {
  if (request === null) return null;
  const [row] = sql
    .exec<{ made: string }>("SELECT made FROM requests WHERE request = ?", request)
    .toArray();
  return row?.made ?? null;
}

/**
 * Remembers what a request made, and forgets what is too old. Belongs into the same turn as what it
 * makes: both are on disk, or neither is.
 */
export function putMade(sql: SqlStorage, request: string | null, made: string, now: number): void {
  if (request === null) return;
  write(sql, "DELETE FROM requests WHERE asked_at < ?", now - REMEMBERED_MS);
  write(
    sql,
    `INSERT INTO requests (request, made, asked_at) VALUES (?1, ?2, ?3)
     ON CONFLICT (request) DO UPDATE SET made = ?2, asked_at = ?3`,
    request,
    made,
    now,
  );
}
