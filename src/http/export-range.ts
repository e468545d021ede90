import type { Seq } from "../event/ids.ts";

/** How much one answer holds of an export. */
export interface ExportLimits {
  /** Places of the log, with those that a filter leaves out. */
  readonly places: number;
  /** Pages; each is some queries, of which D1 answers 1,000 an invocation. */
  readonly pages: number;
}

/** A page of an export is as large as it may be in bytes: a query for each five hundred is many. */
export const EXPORT_PAGE = 5_000;

export const EXPORT_LIMITS: ExportLimits = { places: 1_000_000, pages: 400 };

// Some are left for what finds out who asks.
export const EXPORT_QUERIES = 900;

/** The range of the log that an export is of, by its first page. */
export interface ExportRange {
  readonly order: "asc" | "desc";
  /** After the one place, up to and with the other. */
  readonly after: Seq;
  readonly upTo: Seq;
  /** How far the first page has seen, the way it is read. */
  readonly seenTo: Seq;
}

/**
 * The place where an export ends that one answer has no room for: the last one going up, the one
 * before the last going down. Null where it has room. It is known before the answer begins, which
 * can say then where the next one goes on: the first page shows how large the events are.
 */
export function findExportEnd(
  { order, after, upTo, seenTo }: ExportRange,
  { places, pages }: ExportLimits,
): Seq | null {
  const seen = order === "asc" ? seenTo - after : upTo - seenTo;
  const most = Math.min(places, Math.max(1, seen) * pages);
  if (upTo - after <= most) return null;
  return order === "asc" ? after + most : upTo - most;
}
