/* Pure. */

/** Looks a name up in a table, by what the table has of its own. */
export function own<V>(table: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.entries(table).find(([each]) => each === name)?.[1];
}
