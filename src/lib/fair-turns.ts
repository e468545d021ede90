interface Line {
  working: number;
  readonly waiting: (() => void)[];
}

/**
 * A few turns at once, shared among many parties: each party has at most a share of them, and a turn
 * that ends goes to the next party that waits, whatever number of turns the others wait for.
 */
export class FairTurns {
  readonly #atOnce: number;
  readonly #share: number;
  /** By party, the one whose turn ended last at the end. Only those that work or wait are here. */
  readonly #lines = new Map<string, Line>();
  #working = 0;

  constructor(atOnce: number, share: number) {
    this.#atOnce = atOnce;
    this.#share = share;
  }

  /** How many turns a party has or waits for. */
  countOf(party: string): number {
    const line = this.#lines.get(party);
    return line === undefined ? 0 : line.working + line.waiting.length;
  }

  /** Resolves when it is the party's turn, with what ends it. */
  async take(party: string): Promise<() => void> {
    const line = this.#lines.get(party) ?? { working: 0, waiting: [] };
    this.#lines.set(party, line);
    if (this.#working < this.#atOnce && line.working < this.#share) this.#begin(line);
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      this.#end(party, line);
    };
  }

  #begin(line: Line): void {
    this.#working += 1;
    line.working += 1;
  }

  #end(party: string, ended: Line): void {
    this.#working -= 1;
    ended.working -= 1;
    this.#lines.delete(party);
    if (ended.working > 0 || ended.waiting.length > 0) this.#lines.set(party, ended);
    for (const line of this.#lines.values()) {
      if (line.waiting.length === 0 || line.working >= this.#share) continue;
      this.#begin(line);
      line.waiting.shift()?.();
      return;
    }
  }
}
