import type { Queries } from "./queries.ts";

/** Something that whoever operates the relay is still to be told. */
export interface Alarm {
  readonly number: number;
  readonly body: string;
  readonly tries: number;
  readonly dueAt: number;
}

/** The oldest alarms. They go in their order: the first that cannot be told holds up the others. */
export async function listAlarms(db: Queries, limit: number): Promise<Alarm[]> {
  const { results } = await db
    .prepare(`SELECT number, body, tries, due_at AS dueAt FROM alarms ORDER BY number LIMIT ?`)
    .bind(limit)
    .all<Alarm>();
  return results;
}

export async function countAlarms(db: Queries): Promise<number> {
  return (await db.prepare("SELECT count(*) AS n FROM alarms").first<{ n: number }>())?.n ?? 0;
}

/** Everything up to this one has been told. */
export async function settleAlarms(db: Queries, upTo: number): Promise<void> {
  await db.prepare("DELETE FROM alarms WHERE number <= ?").bind(upTo).run();
}

/** It could not be told, and is tried again later. */
export async function deferAlarm(db: Queries, number: number, dueAt: number): Promise<void> {
  await db
    .prepare("UPDATE alarms SET tries = tries + 1, due_at = ? WHERE number = ?")
    .bind(dueAt, number)
    .run();
}

/** Gives up those that are older than this; answers how many. */
export async function dropAlarms(db: Queries, before: number): Promise<number> {
  const { meta } = await db.prepare("DELETE FROM alarms WHERE created_at < ?").bind(before).run();
  return meta.changes;
}
