import { parseJson } from "../../lib/json.ts";
import { write } from "../object/write.ts";

/** Keeps a ticket's digest and what it stands for, and forgets those that have run out. */
export function putTicket(
  sql: SqlStorage,
  ticket: { digest: string; principal: unknown; expiresAt: number },
  now: number,
): void {
  write(sql, "DELETE FROM tickets WHERE expires_at <= ?", now);
  write(
    sql,
    // Asked for once more, it is the same ticket.
    "INSERT INTO tickets (digest, principal, expires_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ticket.digest,
    JSON.stringify(ticket.principal),
    ticket.expiresAt,
  );
}

/** Finds what a ticket stands for. Null if it is unknown, used or too old. */
export function findTicket(sql: SqlStorage, digest: string, now: number): unknown {
  const [row] = sql
    .exec<{ principal: string; expires_at: number }>(
      "SELECT principal, expires_at FROM tickets WHERE digest = ?",
      digest,
    )
    .toArray();
  if (row === undefined || row.expires_at <= now) return null;
  const parsed = parseJson(row.principal);
  return parsed.ok ? parsed.value : null;
}

/** The ticket was used. */
export function dropTicket(sql: SqlStorage, digest: string): void {
  write(sql, "DELETE FROM tickets WHERE digest = ?", digest);
}

/** Forgets the tickets that were made with a credential, or with one that was made with it. */
export function dropTickets(sql: SqlStorage, credentialId: string): void {
  write(
    sql,
    `DELETE FROM tickets WHERE json_extract(principal, '$.credentialId') = ?1
     OR json_extract(principal, '$.maker') = ?1`,
    credentialId,
  );
}
