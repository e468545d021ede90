/** The database, or a session on it: anything that prepares statements. */
export type Queries = Pick<D1Database, "prepare" | "batch">;
