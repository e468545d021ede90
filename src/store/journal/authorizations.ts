import type { z } from "zod";

import { decodeOwnJson } from "../../lib/json.ts";
import { write } from "../object/write.ts";

/** A log-in as it is kept: what is known of it in the clear, and its secrets, sealed. */
export interface KeptAuthorization<T> {
  readonly id: string;
  readonly createdAt: number;
  readonly row: T;
  readonly secrets: string;
}

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  created_at: number;
  row: string;
  secrets: string;
}

/** Writes a log-in down, new or as it is now. */
export function putAuthorization(
  sql: SqlStorage,
  { id, createdAt, row, secrets }: KeptAuthorization<object>,
): void {
  write(
    sql,
    `INSERT INTO authorizations (id, created_at, row, secrets) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (id) DO UPDATE SET row = ?3, secrets = ?4`,
    id,
    createdAt,
    JSON.stringify(row),
    secrets,
  );
}

/** All of them, oldest first. */
export function listAuthorizations<S extends z.ZodType>(
  sql: SqlStorage,
  schema: S,
): KeptAuthorization<z.output<S>>[] {
  const query = "SELECT * FROM authorizations ORDER BY created_at, id";
  const rows = sql.exec<Row>(query).toArray();
  return rows.flatMap(({ id, created_at, row, secrets }) => {
    const decoded = decodeOwnJson(schema, row);
    return decoded.ok ? [{ id, createdAt: created_at, row: decoded.value, secrets }] : [];
  });
}

export function dropAuthorizations(sql: SqlStorage, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const query = "DELETE FROM authorizations WHERE id IN (SELECT value FROM json_each(?))";
  write(sql, query, JSON.stringify(ids));
}
