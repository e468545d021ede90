// D1 does one thing at a time: rows go in chunks.
export const CHUNK_ROWS = 5_000;

/** How much one piece of work may still ask of the database, in queries and in rows deleted. */
export class Budget {
  #queries: number;
  #rows: number;

  constructor({ queries, rows }: { readonly queries: number; readonly rows: number }) {
    this.#queries = queries;
    this.#rows = rows;
  }

  get queries(): number {
    return this.#queries;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Is there room for a step of so many queries? Asked before it is begun. */
  hasQueries(count: number): boolean {
    return this.#queries >= count;
  }

  /** Is there room for the deletion of one chunk of rows? */
  hasChunk(): boolean {
    return this.#rows > 0 && this.hasQueries(QUERIES_A_CHUNK);
  }

  /** Takes queries that are being made. A step that did not ask for room ends here, not at D1. */
  take(count: number): void {
    if (this.#queries < count) throw new Error("this run may ask the database nothing more");
    this.#queries -= count;
  }

  /** So many rows were deleted. */
  spend(rows: number): void {
    this.#rows -= rows;
  }
}

// Where the chunk ends is looked for, and then it is deleted.
const QUERIES_A_CHUNK = 2;
