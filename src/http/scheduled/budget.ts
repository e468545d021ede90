// D1 does one thing at a time: blocks of history go in chunks.
export const CHUNK_BLOCKS = 250;

/** An amount of queries, and of blocks deleted. */
interface Amount {
  readonly queries: number;
  readonly blocks: number;
}

/** How much one piece of work may still ask of the database. */
export class Budget {
  readonly #whole: Budget | null;
  #queries: number;
  #blocks: number;

  constructor({ queries, blocks }: Amount, whole: Budget | null = null) {
    this.#whole = whole;
    this.#queries = queries;
    this.#blocks = blocks;
  }

  /** A share of at most so much, and of no more than is left: what it takes is taken here as well. */
  share({ queries, blocks }: Amount): Budget {
    const most = {
      queries: Math.min(queries, this.#queries),
      blocks: Math.min(blocks, this.#blocks),
    };
    return new Budget(most, this);
  }

  /** Is there room for a step of so many queries? Asked before it is begun. */
  hasQueries(count: number): boolean {
    return this.#queries >= count;
  }

  /** Is there room for the deletion of one chunk of blocks? */
  hasChunk(): boolean {
    return this.#blocks > 0 && this.hasQueries(QUERIES_A_CHUNK);
  }

  /** Takes queries that are being made. A step that did not ask for room ends here, not at D1. */
  take(count: number): void {
    if (this.#queries < count) throw new Error("this run may ask the database nothing more");
    this.#queries -= count;
    this.#whole?.take(count);
  }

  /** So many blocks were deleted. */
  spend(blocks: number): void {
    this.#blocks -= blocks;
    this.#whole?.spend(blocks);
  }
}

// The history's mark is raised, the rows by which its types are found go, and then the blocks.
const QUERIES_A_CHUNK = 3;
