import type { IncomingMessage } from "node:http";

import { WebSocket } from "ws";

interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A bare client. It keeps every frame from the first moment, so that none can be missed. */
export class Client {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly closed: Promise<Closed>;
  /** Fulfilled when the upgrade was answered with plain HTTP. */
  readonly refused: Promise<IncomingMessage>;
  /** Of all frames so far, text and binary alike. */
  received = 0;
  readonly #frames: string[] = [];
  #wanted: { readonly count: number; readonly resolve: () => void } | null = null;

  constructor(url: string, protocols: readonly string[] = []) {
    this.socket = new WebSocket(url, [...protocols]);
    this.socket.on("error", () => {});
    this.opened = new Promise((resolve) => {
      this.socket.once("open", () => resolve());
    });
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.refused = new Promise((resolve) => {
      this.socket.once("unexpected-response", (_request, response) => {
        resolve(response);
        this.socket.terminate();
      });
    });
    this.socket.on("message", (data: Buffer) => {
      this.received += 1;
      this.#frames.push(data.toString());
      if (this.#wanted !== null && this.#frames.length >= this.#wanted.count) {
        this.#wanted.resolve();
      }
    });
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** The next frames, as text, in order; each is handed out once. */
  async take(count: number): Promise<string[]> {
    if (this.#frames.length < count) {
      await new Promise<void>((resolve) => {
        this.#wanted = { count, resolve };
      });
      this.#wanted = null;
    }
    return this.#frames.splice(0, count);
  }

  async next(): Promise<unknown> {
    const [frame = ""] = await this.take(1);
    return JSON.parse(frame);
  }
}
