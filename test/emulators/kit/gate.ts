/** How a dial is turned away before it becomes a socket. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter?: string | undefined;
  readonly body?: unknown;
  /** Plain text, for a service that does not refuse in JSON. */
  readonly text?: string | undefined;
}

/** Who is let in. */
export class Gate {
  /** How long an upgrade is left waiting before it is answered. */
  delayMs = 0;
  /** While true, upgrades are not even answered: the nearest thing to a port where nobody listens. */
  isAway = false;
  #refusal: { answer: Refusal; left: number } | null = null;
  #only: string | null = null;
  readonly #issued = new Set<string>();
  readonly #shown = new Set<string>();
  readonly #expired = new Set<string>();

  refuse(answer: Refusal, times = Number.POSITIVE_INFINITY): void {
    this.#refusal = { answer, left: times };
  }

  accept(): void {
    this.#refusal = null;
  }

  /** The answer to one dial, if dials are being refused: each call uses one up. */
  takeRefusal(): Refusal | null {
    if (this.#refusal === null || this.#refusal.left === 0) {
      return null;
    }
    this.#refusal.left -= 1;
    return this.#refusal.answer;
  }

  /** From now on this token is the only one; null accepts any. What had expired is forgotten. */
  acceptOnly(token: string | null): void {
    this.#only = token;
    this.#expired.clear();
  }

  /** A token that this service made itself is good whatever `acceptOnly` says. */
  issue(token: string): void {
    this.#issued.add(token);
  }

  /** Every token that has been good up to now is bad from now on. */
  expire(): void {
    for (const token of [...this.#shown, ...this.#issued]) {
      this.#expired.add(token);
    }
    if (this.#only !== null) {
      this.#expired.add(this.#only);
    }
  }

  /** A client without a token is let in only while any token would be. */
  isGood(token: string | null): boolean {
    if (token === null) {
      return this.#only === null;
    }
    const isGood =
      !this.#expired.has(token) &&
      (this.#only === null || this.#only === token || this.#issued.has(token));
    if (isGood) {
      this.#shown.add(token);
    }
    return isGood;
  }
}
