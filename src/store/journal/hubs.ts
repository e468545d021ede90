import { write } from "../object/write.ts";

/** A hub that holds sockets of a channel. */
export interface HubRow {
  readonly hub: string;
  /** Tells one stay of the hub from the next. */
  readonly lease: number;
  /** Until when it counts, unless it says again that it is there. Milliseconds since 1970. */
  readonly expiresAt: number;
}

export function putHub(sql: SqlStorage, { hub, lease, expiresAt }: HubRow): void {
  write(
    sql,
    `INSERT INTO hubs (hub, term, expires_at) VALUES (?1, ?2, ?3)
     ON CONFLICT (hub) DO UPDATE SET term = ?2, expires_at = ?3`,
    hub,
    lease,
    expiresAt,
  );
}

export function dropHub(sql: SqlStorage, hub: string): void {
  write(sql, "DELETE FROM hubs WHERE hub = ?", hub);
}

export function listHubs(sql: SqlStorage): HubRow[] {
  return sql
    .exec<{ hub: string; term: number; expires_at: number }>("SELECT * FROM hubs ORDER BY hub")
    .toArray()
    .map(({ hub, term, expires_at }) => ({ hub, lease: term, expiresAt: expires_at }));
}
