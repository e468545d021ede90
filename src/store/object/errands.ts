import type { Epoch } from "../../event/ids.ts";
import { write } from "./write.ts";

/**
 * A step of a schema: what other stores and objects are still to be told. It is written in the same
 * transaction as what it is about, and stays until it has been answered.
 */
export const ERRANDS_STEP = `
  CREATE TABLE errands (
    kind   TEXT    NOT NULL,
    -- Whom it is for: a webhook's id, a hub's name, a channel's id.
    name   TEXT    NOT NULL,
    -- The channel that it is about, and which incarnation.
    number INTEGER NOT NULL,
    epoch  TEXT    NOT NULL,
    PRIMARY KEY (kind, name, number)
  ) STRICT, WITHOUT ROWID;
`;

/** Something that another store or object is still to be told. */
export interface Errand<Kind extends string = string> {
  readonly kind: Kind;
  readonly name: string;
  readonly number: number;
  readonly epoch: Epoch;
}

export function putErrand(sql: SqlStorage, { kind, name, number, epoch }: Errand): void {
  write(
    sql,
    "INSERT OR REPLACE INTO errands (kind, name, number, epoch) VALUES (?, ?, ?, ?)",
    kind,
    name,
    number,
    epoch,
  );
}

export function dropErrand(sql: SqlStorage, { kind, name, number }: Errand): void {
  write(sql, "DELETE FROM errands WHERE kind = ? AND name = ? AND number = ?", kind, name, number);
}

/** Drops errands that are no longer true. */
export function dropErrands(sql: SqlStorage, kind: string): void {
  write(sql, "DELETE FROM errands WHERE kind = ?", kind);
}

export function listErrands(sql: SqlStorage): Errand[] {
  return sql
    .exec<{ kind: string; name: string; number: number; epoch: string }>(
      "SELECT kind, name, number, epoch FROM errands ORDER BY number, kind, name",
    )
    .toArray();
}

/** Is there still an errand of this kind? */
export function hasErrands(sql: SqlStorage, kind: string): boolean {
  return sql.exec("SELECT 1 FROM errands WHERE kind = ? LIMIT 1", kind).toArray().length > 0;
}
