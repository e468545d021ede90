import type { Queries } from "./queries.ts";

/*
 * A history's mark: how often something of it was erased, or all of it taken away. It only rises. What was
 * sent while it was another one is known by it, and so is a database that was put back to an earlier time.
 */

/** The mark of channel ?1, in SQL. */
export const MARK = "coalesce((SELECT mark FROM history_marks WHERE channel = ?1), 0)";

/** Raises a history's mark: something of it was erased. Answers the new one. */
export async function raiseMark(db: Queries, channel: number): Promise<number> {
  const row = await db
    .prepare(
      `INSERT INTO history_marks (channel, mark) VALUES (?1, 1)
       ON CONFLICT DO UPDATE SET mark = mark + 1 RETURNING mark`,
    )
    .bind(channel)
    .first<{ mark: number }>();
  if (row === null) throw new Error("a mark that was not raised");
  return row.mark;
}

/** Takes away what is kept of a history beside its blocks and volumes. */
export async function dropMarks(db: Queries, channel: number): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM history_marks WHERE channel = ?").bind(channel),
    db.prepare("DELETE FROM holes WHERE channel = ?").bind(channel),
  ]);
}
