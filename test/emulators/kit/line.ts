import type { Duplex } from "node:stream";

import { WebSocket } from "ws";

import type { End } from "./actions.ts";
import type { Dialled } from "./truth.ts";

const textFrame = 0x81;
/** RFC 6455 7.4, and IANA's list. */
const serviceRestart = 1012;
/** A reader that takes nothing more would otherwise hold its own end up. */
const halfFramePatienceMs = 1_000;

/** The emulator's end of one client's socket. */
export class Line {
  readonly number: number;
  readonly dial: Dialled;
  /** The token it showed, once the protocol has read it. */
  token: string | null = null;
  /** Fulfilled when nothing more can come or go. */
  readonly gone: Promise<void>;
  /** Fulfilled when one end has said goodbye, or it is gone: the connection itself may stay half open. */
  readonly left: Promise<void>;
  readonly #socket: WebSocket;
  readonly #close: WebSocket["close"];
  readonly #stream: Duplex;
  #beat: NodeJS.Timeout | undefined;
  #sent = 0;
  #end: End | null = null;
  #isMute = false;
  #isEnding = false;

  constructor(number: number, dial: Dialled, socket: WebSocket, stream: Duplex) {
    this.number = number;
    this.dial = dial;
    this.#socket = socket;
    const close = socket.close.bind(socket);
    const left = Promise.withResolvers<void>();
    this.left = left.promise;
    this.#close = (code, reason) => {
      left.resolve();
      close(code, reason);
    };
    // `ws` answers a goodbye by this method.
    socket.close = this.#close;
    this.#stream = stream;
    // An error is always followed by the close that is waited for.
    socket.on("error", () => {});
    this.gone = new Promise((resolve) => {
      socket.once("close", () => {
        clearInterval(this.#beat);
        left.resolve();
        resolve();
      });
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN && !this.#isEnding;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  hear(listener: (text: string, isBinary: boolean) => void): void {
    // Whole buffers: the socket's own `binaryType` asks for nothing else.
    this.#socket.on("message", (data: Buffer, isBinary) => {
      listener(data.toString(), isBinary);
    });
  }

  /** Whatever arrives: a message, or a ping or pong of the WebSocket protocol itself. */
  onSign(listener: () => void): void {
    for (const sign of ["message", "ping", "pong"] as const) {
      this.#socket.on(sign, listener);
    }
  }

  onPong(listener: () => void): void {
    this.#socket.on("pong", listener);
  }

  /** A ping of the WebSocket protocol itself, not one that a protocol says in a message. */
  ping(payload: string): void {
    if (this.isOpen) {
      this.#socket.ping(payload);
    }
  }

  /** False where it did not go out. */
  send(frame: string | Uint8Array): boolean {
    if (!this.isOpen || this.#isMute) {
      return false;
    }
    if (this.#end?.how === "cut-inside" && this.#sent === this.#end.after) {
      this.#endWith(halfOf(Buffer.from(frame)));
      return false;
    }
    this.#socket.send(frame);
    this.#sent += 1;
    this.#endWhereDue();
    return true;
  }

  /** Ends after so many more frames of ours. */
  endSo({ after, how }: End): void {
    this.#end = { after: this.#sent + after, how };
    this.#endWhereDue();
  }

  /** What is sent until `release` leaves in one write: the difference between 5,000 frames a second and a busy core. */
  hold(): void {
    this.#stream.cork();
  }

  release(): void {
    this.#stream.uncork();
  }

  /** Says something at this interval from now on; whatever was said at an interval before ends. */
  beat(intervalMs: number, say: () => void): void {
    clearInterval(this.#beat);
    if (this.isOpen) {
      this.#beat = setInterval(say, intervalMs);
    }
  }

  /** Without a code, the close frame is empty: the client sees 1005. */
  close(code?: number, reason = ""): void {
    clearInterval(this.#beat);
    this.#close(code, reason);
  }

  /** For a service whose answer to a close frame is an empty one: `ws` answers by this method, with the same code. */
  answerClosesEmpty(): void {
    this.#socket.close = () => this.#close();
  }

  /** Without a close frame: the client sees 1006. */
  async cut(): Promise<void> {
    this.#socket.terminate();
    await this.gone;
  }

  /** Announces a whole frame, sends half of it, and is gone. */
  async cutInside(frame: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stream.write(halfOf(Buffer.from(frame)), () => resolve());
      setTimeout(resolve, halfFramePatienceMs).unref();
    });
    await this.cut();
  }

  #endWhereDue(): void {
    if (this.#end === null || this.#sent < this.#end.after) {
      return;
    }
    switch (this.#end.how) {
      case "close":
        return this.close(serviceRestart);
      case "cut":
        return this.#endWith(Buffer.alloc(0));
      case "mute":
        this.#isMute = true;
        return;
      case "cut-inside":
        return;
    }
  }

  /** The end of the stream, not of the protocol: what is on its way arrives, unlike in a cut. */
  #endWith(last: Buffer): void {
    this.#isEnding = true;
    clearInterval(this.#beat);
    this.#stream.end(last);
  }
}

/** A whole frame announced, and half of it. */
function halfOf(payload: Buffer): Buffer {
  const half = payload.subarray(0, Math.floor(payload.length / 2));
  return Buffer.concat([frameHeader(payload.length), half]);
}

/** RFC 6455 5.2: a final text frame, unmasked, in the shortest of its three length forms. */
function frameHeader(length: number): Buffer {
  if (length < 126) {
    return Buffer.from([textFrame, length]);
  }
  if (length < 2 ** 16) {
    const header = Buffer.from([textFrame, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.from([textFrame, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
