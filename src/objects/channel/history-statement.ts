/*
 * How the database takes a statement of a channel's history.
 */

// D1 gives a statement 30 s; one that is not answered by then will not be.
export const STATEMENT_MS = 35_000;

// The codes and words with which the database refuses a statement that it will never take.
const FOR_GOOD =
  /SQLITE_(TOOBIG|MISMATCH|RANGE|CONSTRAINT_(DATATYPE|NOTNULL|CHECK))|malformed JSON|too big/i;

/** Would the same statement be refused again, however often it is tried? */
export function isRefusedForGood(error: unknown): boolean {
  return error instanceof Error && FOR_GOOD.test(error.message);
}

/** The database's own message about a failed statement, shortened. */
export function describeFailure(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : "unknown";
}

/** The writing of a channel's history, as its status tells of it. */
export interface HistoryState {
  readonly failures: number;
  readonly lastError: string | null;
  readonly rowsWritten: number;
  /** Events of which history took a part only. */
  readonly reduced: number;
}
