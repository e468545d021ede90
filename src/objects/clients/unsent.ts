import { measurePressure, type Unsent } from "../../channel/pressure.ts";
import type { Pressure } from "../../event/group.ts";

// Thousands of sockets are looked at: once for all to which the same group is sent.
const LOOK_MS = 50;

/** A socket, as far as this looks at it. */
type Buffered = Pick<WebSocket, "bufferedAmount">;

/**
 * The unread bytes of all sockets of an object, whatever they speak. What a socket has is looked at
 * whenever something is to be sent to it; what nothing is sent to is looked at again before others
 * are held to account for it.
 */
export class UnsentBytes implements Unsent {
  readonly #of = new Map<Buffered, number>();
  #bytes = 0;
  #lookedAt = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** How many sockets have anything unread. */
  get sockets(): number {
    return this.#of.size;
  }

  /** Measures how far behind a socket is; `close`: it has to go. */
  pressureOn(socket: Buffered, now = Date.now()): Pressure | "close" {
    const bytes = socket.bufferedAmount;
    this.#note(socket, bytes);
    const pressure = measurePressure(bytes, this);
    if (pressure === measurePressure(bytes)) return pressure;
    // It is worse off because of the others: as they are now.
    this.#lookAgain(now);
    return measurePressure(bytes, this);
  }

  /** The socket is there no more. */
  forget(socket: Buffered): void {
    this.#note(socket, 0);
  }

  #lookAgain(now: number): void {
    if (now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    for (const each of this.#of.keys()) this.#note(each, each.bufferedAmount);
  }

  #note(socket: Buffered, bytes: number): void {
    this.#bytes += bytes - (this.#of.get(socket) ?? 0);
    if (bytes === 0) this.#of.delete(socket);
    else this.#of.set(socket, bytes);
  }
}

const ofObjects = new WeakMap<DurableObjectState, UnsentBytes>();

/** The one account of an object's sockets. */
export function findUnsent(ctx: DurableObjectState): UnsentBytes {
  const known = ofObjects.get(ctx) ?? new UnsentBytes();
  ofObjects.set(ctx, known);
  return known;
}
