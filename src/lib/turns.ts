/** Runs asynchronous work one piece at a time, in the order it was handed in. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `work` does. A piece that fails does not stop the next. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last.catch(() => {
      // Heard of by whoever handed that piece in.
    });
    const turn = before.then(work);
    this.#last = turn;
    return turn;
  }
}
