import type { Connected } from "./connect.ts";

/**
 * The dials of one link: at most one is under way, and at most one waits for its time. They are in
 * memory, for punctuality; the watchdog's alarm sees to them should the memory be lost.
 */
export class LinkDials {
  /** The id of the dial under way, or null. A result with another id is stale and is dropped. */
  #underWay: symbol | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #takeTurn: () => Promise<() => void>;

  /** `takeTurn`: resolves when this link may dial, with what ends its turn. */
  constructor(takeTurn: () => Promise<() => void>) {
    this.#takeTurn = takeTurn;
  }

  get isUnderWay(): boolean {
    return this.#underWay !== null;
  }

  /** Begins one, and resolves with what came of it, or with null where it had become pointless. */
  async begin(dial: () => Promise<Connected>): Promise<Connected | null> {
    const mine = Symbol("dial");
    this.#underWay = mine;
    const connected = await this.#dialInTurn(mine, dial);
    if (connected === null) return null;
    if (this.#underWay !== mine) {
      if (connected.outcome.type === "open") discard(connected.outcome.socket);
      return null;
    }
    this.#underWay = null;
    return connected;
  }

  async #dialInTurn(mine: symbol, dial: () => Promise<Connected>): Promise<Connected | null> {
    const end = await this.#takeTurn();
    try {
      // It was given up while others had their turn: nothing is said to the provider.
      return this.#underWay === mine ? await dial() : null;
    } finally {
      end();
    }
  }

  /** Takes the place of one that waits already. */
  beginAfter(waitMs: number, ring: () => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      ring();
    }, waitMs);
  }

  cancel(): void {
    this.#underWay = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** A socket that came too late to be wanted. */
function discard(socket: WebSocket | null): void {
  socket?.accept();
  socket?.close(1000, "");
}
