import type { Bucket } from "./bucket.ts";

/** The database, or a session on it: anything that prepares statements. */
export interface Queries extends Pick<D1Database, "prepare" | "batch"> {
  /** The bucket with what history has put away, where there is one. */
  readonly archive?: Bucket | undefined;
}

/** The same database, whose sessions have the archive as well. */
export function withArchive(db: D1Database, archive: Bucket | undefined): D1Database {
  const joined: Partial<D1Database> & Queries = {
    prepare: (query) => db.prepare(query),
    batch: (statements) => db.batch(statements),
    withSession: (constraint) => Object.assign(db.withSession(constraint), { archive }),
    archive,
  };
  return joined as D1Database;
}
