import { pong } from "../../protocols/tributary/dialects.ts";
import { CloseCode, PING } from "../../protocols/tributary/wire.ts";

/**
 * One client's socket, whatever it speaks, with what it must remember while its object sleeps. A
 * socket that fails is that client's trouble: it is closed, and the others go on.
 */
export abstract class ClientSocket<Kept> {
  readonly socket: WebSocket;
  #kept: Kept;
  #isKept = true;

  constructor(socket: WebSocket, kept: Kept) {
    this.socket = socket;
    this.#kept = kept;
  }

  /** When the first of the credentials that it goes by runs out; null for never. */
  abstract get expiresAt(): number | null;

  isExpired(now: number): boolean {
    const { expiresAt } = this;
    return expiresAt !== null && expiresAt <= now;
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** False if what it must remember is more than an attachment holds, or the socket is gone. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** Something sent to it has not left yet. */
  get isSending(): boolean {
    return this.socket.bufferedAmount > 0;
  }

  /** Sends frames in order; false if the socket is of no more use. */
  send(frames: readonly string[]): boolean {
    try {
      for (const frame of frames) this.socket.send(frame);
      return true;
    } catch {
      // Its other end has gone: nothing of ours failed.
      this.close(CloseCode.goingAway, "could not be written to");
      return false;
    }
  }

  close(code: number, reason: string): void {
    try {
      this.socket.close(code, reason);
      // The runtime may still list a socket whose other end does not answer.
      this.socket.serializeAttachment(null);
    } catch {
      // Already closed: what was wanted.
    }
  }

  /**
   * False if it cannot be remembered: it is more than an attachment holds, or the socket is gone.
   */
  keep(kept: Kept): boolean {
    this.#kept = kept;
    try {
      this.socket.serializeAttachment(kept);
      this.#isKept = true;
    } catch {
      // The answer: whoever asked decides what becomes of one that cannot be remembered.
      this.#isKept = false;
    }
    return this.#isKept;
  }
}

/** The codes that must not be sent, and what to answer them with (RFC 6455, 7.4.1). */
const NO_STATUS = 1005;
const ABNORMAL: readonly number[] = [1006, 1015];

/** The hibernation API leaves the closing handshake to us; without it a client sees 1006. */
export function answerClose(socket: WebSocket, code: number, reason: string): void {
  if (ABNORMAL.includes(code)) return;
  try {
    socket.close(code === NO_STATUS ? 1000 : code, reason);
  } catch {
    // Closed from both sides at once.
  }
}

/**
 * Has pings of our own protocol answered without waking the object, or leaves them to the sessions.
 * The runtime knows no sockets apart: what it answers it answers on all of an object's, and to
 * whoever speaks another protocol a ping is something else.
 */
export function answerPings(ctx: DurableObjectState, isAsleep: boolean): void {
  if (isAsleep) ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, pong));
  else ctx.setWebSocketAutoResponse();
}
