/*
 * Credentials that were revoked a short while ago, in a channel's object and in a hub alike.
 */

/** Remembers until when a credential counts as revoked a short while ago, and forgets the older. */
export function putRevoked(
  sql: SqlStorage,
  credentialId: string,
  { now, until }: { now: number; until: number },
): void {
  sql.exec("DELETE FROM revoked WHERE until <= ?", now);
  sql.exec(
    `INSERT INTO revoked (credential_id, until) VALUES (?1, ?2)
     ON CONFLICT (credential_id) DO UPDATE SET until = ?2`,
    credentialId,
    until,
  );
}

/** The credentials that were revoked a short while ago, each with until when it counts as such. */
export function listRevoked(sql: SqlStorage, now: number): { id: string; until: number }[] {
  return sql
    .exec<{
      id: string;
      until: number;
    }>("SELECT credential_id AS id, until FROM revoked WHERE until > ?", now)
    .toArray();
}
