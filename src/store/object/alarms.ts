import { write } from "./write.ts";
/** A named alarm: what for, and when. */
export interface NamedAlarm {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

export function putAlarm(sql: SqlStorage, { name, dueAt }: NamedAlarm): void {
  write(
    sql,
    "INSERT INTO alarms (name, due_at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET due_at = ?2",
    name,
    dueAt,
  );
}

export function dropAlarm(sql: SqlStorage, name: string): void {
  write(sql, "DELETE FROM alarms WHERE name = ?", name);
}

/** All named alarms, the next one first. */
export function listAlarms(sql: SqlStorage): NamedAlarm[] {
  return sql
    .exec<{ name: string; due_at: number }>("SELECT name, due_at FROM alarms ORDER BY due_at, name")
    .toArray()
    .map((row) => ({ name: row.name, dueAt: row.due_at }));
}
