import type { Queries } from "./queries.ts";

/**
 * Asks about what must be there, of the first migration and of the last. Rejects where the
 * database cannot answer.
 */
export async function askIfReady(db: Pick<Queries, "prepare">): Promise<void> {
  await db
    .prepare(
      `SELECT (SELECT history_database FROM channels LIMIT 1), (SELECT 1 FROM notes LIMIT 1),
        (SELECT 1 FROM holes LIMIT 1)`,
    )
    .all();
}

/** Has the database answered that it has not got its tables? */
export function isNotMigrated(error: unknown): boolean {
  return error instanceof Error && /no such (table|column)/i.test(error.message);
}
