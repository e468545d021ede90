import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** A statement with its values, as D1 prepares one. */
interface Prepared {
  bind(...values: SQLInputValue[]): Prepared;
  all(): Promise<{ results: unknown[]; meta: object }>;
  first(): Promise<unknown>;
  run(): Promise<{ results: unknown[]; meta: object }>;
}

/** D1's interface on SQLite itself, as far as history asks for it. */
export function openD1(db: DatabaseSync): object {
  const known = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const prepare = (query: string, values: SQLInputValue[] = []): Prepared => {
    const statement = known.get(query) ?? db.prepare(query);
    known.set(query, statement);
    const all = (): { results: unknown[]; meta: object } => {
      if (/^\s*(INSERT|UPDATE|DELETE)/.test(query)) {
        const changes = Number(statement.run(...values).changes);
        return { results: [], meta: { changes, rows_written: changes } };
      }
      return { results: statement.all(...values), meta: { changes: 0, rows_written: 0 } };
    };
    return {
      bind: (...bound) => prepare(query, bound),
      all: () => Promise.resolve(all()),
      first: () => Promise.resolve(all().results[0] ?? null),
      run: () => Promise.resolve(all()),
    };
  };
  return {
    prepare: (query: string) => prepare(query),
    async batch(statements: Prepared[]) {
      db.exec("BEGIN");
      const results = [];
      for (const each of statements) results.push(await each.run());
      db.exec("COMMIT");
      return results;
    },
  };
}
