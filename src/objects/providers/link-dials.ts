import type { Connected } from "./connect.ts";

/**
 * The dials of one link: at most one is under way, and at most one waits for its time. They are in
 * memory, for punctuality; the watchdog's alarm sees to them should the memory be lost.
 */
export class LinkDials {
  /** The id of the dial under way, or null. A result with another id is stale and is dropped. */
  #underWay: symbol | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  get isUnderWay(): boolean {
    return this.#underWay !== null;
  }

  /** Begins one, and resolves with what came of it, or with null where it had become pointless. */
  async begin(dial: () => Promise<Connected>): Promise<Connected | null> {
    const mine = Symbol("dial");
    this.#underWay = mine;
    const connected = await dial();
    if (this.#underWay !== mine) {
      if (connected.outcome.type === "socket") discard(connected.outcome.socket);
      return null;
    }
    this.#underWay = null;
    return connected;
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
function discard(socket: WebSocket): void {
  socket.accept();
  socket.close(1000, "");
}
