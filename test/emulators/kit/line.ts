import type { Duplex } from "node:stream";

import { WebSocket } from "ws";

import type { Dialled } from "./truth.ts";

const textFrame = 0x81;
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
  readonly #socket: WebSocket;
  readonly #close: WebSocket["close"];
  readonly #stream: Duplex;
  #beat: NodeJS.Timeout | undefined;

  constructor(number: number, dial: Dialled, socket: WebSocket, stream: Duplex) {
    this.number = number;
    this.dial = dial;
    this.#socket = socket;
    this.#close = socket.close.bind(socket);
    this.#stream = stream;
    // An error is always followed by the close that is waited for.
    socket.on("error", () => {});
    this.gone = new Promise((resolve) => {
      socket.once("close", () => {
        clearInterval(this.#beat);
        resolve();
      });
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
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

  send(frame: string | Uint8Array): void {
    if (this.isOpen) {
      this.#socket.send(frame);
    }
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
    const payload = Buffer.from(frame);
    const half = payload.subarray(0, Math.floor(payload.length / 2));
    await new Promise<void>((resolve) => {
      this.#stream.write(Buffer.concat([frameHeader(payload.length), half]), () => resolve());
      setTimeout(resolve, halfFramePatienceMs).unref();
    });
    await this.cut();
  }
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
