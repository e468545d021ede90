/** Rows written by each object since it is in memory, indexes included: what the platform bills. */
const written = new WeakMap<SqlStorage, number>();

/** Runs a statement that writes, and counts the rows. Answers how many. */
export function write(sql: SqlStorage, query: string, ...bindings: SqlStorageValue[]): number {
  const cursor = sql.exec(query, ...bindings);
  // The count is whole once the cursor has been read to its end.
  cursor.toArray();
  written.set(sql, countRowsWritten(sql) + cursor.rowsWritten);
  return cursor.rowsWritten;
}

/** How many rows an object has written since it is in memory. */
export function countRowsWritten(sql: SqlStorage): number {
  return written.get(sql) ?? 0;
}
