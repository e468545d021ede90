// D1 does one thing at a time: rows go in chunks.
export const CHUNK_ROWS = 5_000;

/** An amount of queries, and of rows deleted. */
interface Amount {
  readonly queries: number;
  readonly rows: number;
}

/** How much one piece of work may still ask of the database. */
export class Budget {
  readonly #whole: Budget | null;
  #queries: number;
  #rows: number;

  constructor({ queries, rows }: Amount, whole: Budget | null = null) {
    this.#whole = whole;
    this.#queries = queries;
    this.#rows = rows;
  }

  /** A share of at most so much, and of no more than is left: what it takes is taken here as well. */
  share({ queries, rows }: Amount): Budget {
    const most = {
      queries: Math.min(queries, this.#queries),
      rows: Math.min(rows, this.#rows),
    };
    return new Budget(most, this);
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
    this.#whole?.take(count);
  }

  /** So many rows were deleted. */
  spend(rows: number): void {
    this.#rows -= rows;
    this.#whole?.spend(rows);
  }
}

// Where the chunk ends is looked for, and then it is deleted.
const QUERIES_A_CHUNK = 2;
