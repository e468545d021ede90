import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";

/** A delivery that waits, with the text of its events. */
export interface WaitingBody {
  readonly number: number;
  readonly body: string;
}

// A queue may be larger than memory: this much of it is looked at in one go.
const RANGE_CHARS = 4_000_000;

/**
 * The next deliveries whose texts an erasure may reach, by their numbers: those with one of the
 * words, as JSON writes them, or all of them (null). As many as are looked at in one go.
 */
export function readNextBodies(
  sql: SqlStorage,
  after: number,
  upTo: Seq,
  words: readonly string[] | null,
): WaitingBody[] {
  const cursor = sql.exec<{ number: number; body: string }>(
    `SELECT number, body FROM deliveries
     WHERE number > ?1 AND status = 'pending' AND kind = 'event' AND body IS NOT NULL
       AND first_seq <= ?2
       AND (?3 IS NULL OR EXISTS (
         SELECT 1 FROM json_each(?3) AS word WHERE instr(deliveries.body, word.value) > 0))
     ORDER BY number`,
    after,
    upTo,
    words === null ? null : JSON.stringify(words),
  );
  const bodies: WaitingBody[] = [];
  let chars = 0;
  for (const row of cursor) {
    bodies.push(row);
    chars += row.body.length;
    if (chars > RANGE_CHARS) break;
  }
  return bodies;
}

export function replaceBody(sql: SqlStorage, number: number, body: string): void {
  write(sql, "UPDATE deliveries SET body = ?2 WHERE number = ?1", number, body);
}
