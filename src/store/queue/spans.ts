import { KeptFilter, type Filter } from "../../event/filter.ts";
import type { Seq } from "../../event/ids.ts";
import { write } from "../object/write.ts";

/**
 * A range of the log that was taken: after `after`, up to `upTo`, with the filter of its time.
 */
export interface Span {
  readonly after: Seq;
  readonly upTo: Seq;
  readonly filter: Filter;
}

/**
 * Notes what was taken: a range that goes on where the last one ended, with its filter, is one.
 */
export function extendSpan(sql: SqlStorage, { after, upTo, filter }: Span): void {
  const text = JSON.stringify(filter);
  const grown = sql
    .exec(
      `UPDATE spans SET to_seq = ?2
       WHERE number = (SELECT max(number) FROM spans WHERE to_seq = ?1 AND filter = ?3)
       RETURNING number`,
      after,
      upTo,
      text,
    )
    .toArray();
  if (grown.length > 0) return;
  write(sql, "INSERT INTO spans (from_seq, to_seq, filter) VALUES (?1, ?2, ?3)", after, upTo, text);
}

/** All ranges, oldest first. */
export function listSpans(sql: SqlStorage): Span[] {
  return sql
    .exec<{ from_seq: number; to_seq: number; filter: string }>(
      "SELECT from_seq, to_seq, filter FROM spans ORDER BY from_seq",
    )
    .toArray()
    .map((row) => ({
      after: row.from_seq,
      upTo: row.to_seq,
      filter: KeptFilter.parse(JSON.parse(row.filter)),
    }));
}
