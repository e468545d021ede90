// D1 answers 1,000 queries an invocation; some are left for what does not count its own.
const QUERIES_A_RUN = 900;

// D1 does one thing at a time: blocks of history go in chunks, and no run takes all of its time.
const BLOCKS_A_RUN = 5_000;
export const CHUNK_BLOCKS = 250;

/** How much one run may still ask of the database. */
export class Budget {
  #queries = QUERIES_A_RUN;
  #blocks = BLOCKS_A_RUN;

  /** Takes so many queries; false, and none taken, where there are not so many left. */
  takeQueries(count: number): boolean {
    if (this.#queries < count) return false;
    this.#queries -= count;
    return true;
  }

  /** Takes what the deletion of one chunk of blocks needs. */
  takeChunk(): boolean {
    return this.#blocks > 0 && this.takeQueries(2);
  }

  /** So many blocks were deleted. */
  spend(blocks: number): void {
    this.#blocks -= blocks;
  }
}
