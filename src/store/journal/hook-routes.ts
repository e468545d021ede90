import { write } from "../object/write.ts";

/** A link's claim to what its provider says of a key, and how much of it was heard. Times in milliseconds. */
export interface HookClaim {
  /** The link's id. */
  readonly provider: string;
  readonly protocol: string;
  readonly key: string;
  /** When the last delivery came, or since when one could; null while none could. */
  readonly heardAt: number | null;
  readonly isHeard: boolean;
}

interface Row extends Record<string, SqlStorageValue> {
  provider: string;
  protocol: string;
  key: string;
  heard_at: number | null;
  is_heard: number;
}

/** Keeps a claim in place of the link's earlier one. Of the same, what was heard stays. */
export function putClaim(
  sql: SqlStorage,
  { provider, protocol, key }: Pick<HookClaim, "provider" | "protocol" | "key">,
): void {
  write(
    sql,
    `INSERT INTO hook_claims (provider, protocol, key) VALUES (?1, ?2, ?3)
     ON CONFLICT (provider) DO UPDATE SET
       heard_at = CASE WHEN key = ?3 THEN heard_at END,
       is_heard = CASE WHEN key = ?3 THEN is_heard ELSE 0 END,
       key = ?3`,
    provider,
    protocol,
    key,
  );
}

/** The link can hear from now on. A time that is known already stays. */
export function noteHearing(sql: SqlStorage, provider: string, at: number): void {
  const query = "UPDATE hook_claims SET heard_at = ? WHERE provider = ? AND heard_at IS NULL";
  write(sql, query, at, provider);
}

export function noteHeard(sql: SqlStorage, provider: string, at: number): void {
  write(sql, "UPDATE hook_claims SET heard_at = ?, is_heard = 1 WHERE provider = ?", at, provider);
}

export function dropClaim(sql: SqlStorage, provider: string): void {
  write(sql, "DELETE FROM hook_claims WHERE provider = ?", provider);
}

export function listClaims(sql: SqlStorage): HookClaim[] {
  return sql
    .exec<Row>("SELECT * FROM hook_claims ORDER BY provider")
    .toArray()
    .map(({ provider, protocol, key, heard_at, is_heard }) => ({
      provider,
      protocol,
      key,
      heardAt: heard_at,
      isHeard: is_heard === 1,
    }));
}
