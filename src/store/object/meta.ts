import type { z } from "zod";

import { decodeJson } from "../../lib/json.ts";
import { write } from "./write.ts";

/** One value of the object's own, as `schema`; null if it is not there or of an older shape. */
export function readMeta<S extends z.ZodType>(
  sql: SqlStorage,
  key: string,
  schema: S,
): z.infer<S> | null {
  const [row] = sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = ?", key).toArray();
  if (row === undefined) return null;
  const decoded = decodeJson(schema, row.value);
  return decoded.ok ? decoded.value : null;
}

export function writeMeta(sql: SqlStorage, key: string, value: unknown): void {
  write(
    sql,
    "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
    key,
    JSON.stringify(value),
  );
}
