import type { z } from "zod";

import { decodeOwnJson } from "../../lib/json.ts";
import { write } from "../object/write.ts";

/** An event of the journal, as far as it is counted: a time that is no text is null. */
export interface ToldEvent extends Record<string, SqlStorageValue> {
  readonly seq: number;
  readonly provider: string;
  readonly at: number;
  readonly time: string | null;
}

/** Writes a minute's figures. Its slot is that of the minute a day before: rows are what is billed. */
export function putMinute(sql: SqlStorage, slot: number, at: number, figures: object): void {
  write(
    sql,
    `INSERT INTO minutes (slot, at, figures) VALUES (?1, ?2, ?3)
     ON CONFLICT (slot) DO UPDATE SET at = ?2, figures = ?3`,
    slot,
    at,
    JSON.stringify(figures),
  );
}

/** The figures of one minute; null where there are none, or in an older shape. */
export function findMinuteRow<S extends z.ZodType>(
  sql: SqlStorage,
  slot: number,
  at: number,
  schema: S,
): z.output<S> | null {
  const query = "SELECT figures FROM minutes WHERE slot = ? AND at = ?";
  const [row] = sql.exec<{ figures: string }>(query, slot, at).toArray();
  const decoded = row === undefined ? null : decodeOwnJson(schema, row.figures);
  return decoded?.ok === true ? decoded.value : null;
}

/** The figures of all minutes from a time on, oldest first. */
export function listMinutes<S extends z.ZodType>(
  sql: SqlStorage,
  from: number,
  schema: S,
): z.output<S>[] {
  return sql
    .exec<{ figures: string }>("SELECT figures FROM minutes WHERE at >= ? ORDER BY at", from)
    .toArray()
    .flatMap(({ figures }) => {
      const decoded = decodeOwnJson(schema, figures);
      return decoded.ok ? [decoded.value] : [];
    });
}

/** The journal's events, a row's at a time, the newest row first: to be used up before any await. */
export function* readToldEvents(sql: SqlStorage): Generator<ToldEvent[], void> {
  const rows = sql.exec<{ last_seq: number }>("SELECT last_seq FROM groups ORDER BY last_seq DESC");
  for (const { last_seq } of rows) {
    yield sql
      .exec<ToldEvent>(
        `SELECT value ->> 0 AS seq, value ->> 2 AS provider, value ->> 4 AS at,
                value ->> '$[5].time' AS time
         FROM groups, json_each(groups.items) WHERE last_seq = ?`,
        last_seq,
      )
      .toArray();
  }
}
