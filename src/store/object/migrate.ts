/*
 * An object's tables are made by steps, append-only: a change is a new step at the end. Durable
 * Objects refuse `PRAGMA user_version`, so the number of steps taken is kept in a table.
 */

/** Has this object ever kept anything? An object that was only asked for has no tables. */
export function hasTables(sql: SqlStorage): boolean {
  const found = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'schema_steps'").toArray();
  return found.length > 0;
}

/** Brings an object's tables up to date. Synchronous, and nothing to do after the first time. */
export function migrate(sql: SqlStorage, steps: readonly string[]): void {
  sql.exec("CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY) STRICT");
  const [row] = sql.exec<{ taken: number }>("SELECT count(*) AS taken FROM schema_steps").toArray();
  for (let step = row?.taken ?? 0; step < steps.length; step++) {
    sql.exec(steps[step] ?? "");
    sql.exec("INSERT INTO schema_steps (step) VALUES (?)", step);
  }
}
