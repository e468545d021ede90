import { write } from "../object/write.ts";

/** Lists the blocks by name, with their ends. */
export function listBlocks(sql: SqlStorage): Map<string, number> {
  const rows = sql
    .exec<{ name: string; until: number }>("SELECT name, until FROM blocks")
    .toArray();
  return new Map(rows.map(({ name, until }) => [name, until]));
}

export function putBlock(sql: SqlStorage, name: string, until: number): void {
  write(
    sql,
    "INSERT INTO blocks (name, until) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET until = ?2",
    name,
    until,
  );
}

/** Forgets what was blocked until then or less. */
export function forgetBlocks(sql: SqlStorage, upTo: number): void {
  write(sql, "DELETE FROM blocks WHERE until <= ?", upTo);
}
