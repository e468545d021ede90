import { write } from "../object/write.ts";
/** Keeps changed entries of the connection map, and drops those that are gone. */
export function saveConnections(
  sql: SqlStorage,
  { saved, gone }: { saved: readonly { identifier: string }[]; gone: readonly string[] },
): void {
  for (const entry of saved) {
    write(
      sql,
      `INSERT INTO connections (identifier, entry) VALUES (?1, ?2)
       ON CONFLICT (identifier) DO UPDATE SET entry = ?2`,
      entry.identifier,
      JSON.stringify(entry),
    );
  }
  for (const identifier of gone) {
    write(sql, "DELETE FROM connections WHERE identifier = ?", identifier);
  }
}

/** The entries as they were kept, to be read by whoever knows their shape. */
export function loadConnections(sql: SqlStorage): unknown[] {
  const rows = sql.exec<{ entry: string }>("SELECT entry FROM connections").toArray();
  return rows.map((row): unknown => JSON.parse(row.entry));
}
