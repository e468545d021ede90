import type { Queries } from "./queries.ts";

/** How far a round over all channels has got: after which id it goes on. */
export async function readRound(db: Queries, name: string): Promise<string | null> {
  const row = await db
    .prepare("SELECT place FROM rounds WHERE name = ?")
    .bind(name)
    .first<{ place: string }>();
  return row?.place ?? null;
}

/** Notes it; null: the round is over. */
export async function saveRound(db: Queries, name: string, place: string | null): Promise<void> {
  const statement =
    place === null
      ? db.prepare("DELETE FROM rounds WHERE name = ?").bind(name)
      : db
          .prepare(
            `INSERT INTO rounds (name, place) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET place = ?2`,
          )
          .bind(name, place);
  await statement.run();
}

/** The rounds that are under way. */
export async function listRounds(db: Queries): Promise<{ name: string; place: string }[]> {
  const { results } = await db
    .prepare("SELECT name, place FROM rounds ORDER BY name")
    .all<{ name: string; place: string }>();
  return results;
}
