import type { Queries } from "./blocks.ts";

/** Asks about a table that must be there. Rejects where the database cannot answer. */
export async function askIfReady(db: Pick<Queries, "prepare">): Promise<void> {
  await db.prepare("SELECT 1 FROM channels LIMIT 1").all();
}
