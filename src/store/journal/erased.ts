import { Erasure } from "../../event/erasure.ts";
import { write } from "../object/write.ts";

/*
 * Erasures that were carried out everywhere, for as long as the database can be put back to a time before:
 * they are carried out again then.
 */

// D1 keeps what was there for 30 days.
const KEPT_MS = 31 * 86_400_000;

// So many rows at most: the oldest go.
const KEPT_ROWS = 20_000;

// Rows that are looked at for being too old, each time.
const LOOKED_AT = 50;

// Messages are written down many to a row, since rows are what is billed.
const MESSAGES_A_ROW = 500;

/** Writes down erasures that were carried out. */
export function rememberErasures(sql: SqlStorage, erasures: readonly Erasure[], now: number): void {
  for (const erasure of erasures) {
    const [last] = sql
      .exec<{ number: number; erasure: string }>(
        "SELECT number, erasure FROM erased ORDER BY number DESC LIMIT 1",
      )
      .toArray();
    const before = last === undefined ? null : Erasure.parse(JSON.parse(last.erasure));
    const joined = before === null ? null : joinMessages(before, erasure);
    const kept = joined ?? erasure;
    if (joined !== null) write(sql, "DELETE FROM erased WHERE number = ?", last?.number ?? 0);
    // All that one person said up to a place is all that they said before.
    const { platform, scope } = kept;
    const key = scope.kind === "messages" ? null : JSON.stringify([platform, scope]);
    if (key !== null) write(sql, "DELETE FROM erased WHERE key = ?", key);
    write(
      sql,
      "INSERT INTO erased (at, seq, key, erasure) VALUES (?, ?, ?, ?)",
      now,
      kept.seq,
      key,
      JSON.stringify(kept),
    );
  }
  write(sql, "DELETE FROM erased WHERE number <= (SELECT max(number) FROM erased) - ?", KEPT_ROWS);
}

/** Forgets those of which no database can be put back to a time before: they name people. */
export function pruneErased(sql: SqlStorage, now: number): void {
  write(
    sql,
    `DELETE FROM erased WHERE at < ?
       AND number IN (SELECT number FROM erased ORDER BY number LIMIT ?)`,
    now - KEPT_MS,
    LOOKED_AT,
  );
}

/** Joins two orders to erase messages or events; null where they cannot be one. */
function joinMessages(one: Erasure, other: Erasure): Erasure | null {
  if (one.scope.kind !== "messages" || other.scope.kind !== "messages") return null;
  const ids = [...new Set([...one.scope.ids, ...other.scope.ids])];
  const events = [...new Set([...(one.scope.events ?? []), ...(other.scope.events ?? [])])];
  const isFull = ids.length + events.length > MESSAGES_A_ROW;
  if (one.platform !== other.platform || isFull) return null;
  const scope = { kind: "messages" as const, ids, ...(events.length > 0 && { events }) };
  return { ...other, seq: Math.max(one.seq, other.seq), scope };
}

/**
 * Has everything erased in history once more: what was carried out, and what is under way, which begins
 * anew. The journal has none of it any more.
 */
export function beginErasuresAgain(sql: SqlStorage): void {
  write(sql, "UPDATE erasures SET missing = NULL, places = '[]', below = seq");
  write(
    sql,
    `INSERT INTO erasures (seq, erasure, journal, missing, places, below)
     SELECT seq, erasure, NULL, NULL, '[]', seq FROM erased
     WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.erasure = erased.erasure)
     ORDER BY number`,
  );
}
