import { WebSocket } from "ws";

import type { StartedRelay } from "./relay.ts";

export interface HeardEvent {
  readonly id: string;
  readonly type: string;
  readonly provider: string;
  readonly subject?: string;
  readonly data: { readonly message?: { readonly text: string } } & Record<string, unknown>;
}

interface Frame {
  readonly type: string;
  readonly position: string;
  readonly from: string;
  readonly to: string;
  readonly events: readonly HeardEvent[];
  readonly cause: string;
  readonly shed: number | null;
}

/** A client as one would write it: hears a channel, knows where it is, and says what it has missed. */
export class Client {
  readonly socket: WebSocket;
  /** All it has heard, unless it was opened not to keep them. */
  readonly events: HeardEvent[] = [];
  /** Chat messages it has heard. */
  messages = 0;
  /** The newest chat message. */
  last = "";
  /** Chat messages whose number is not the next after the one before. */
  misplaced = 0;
  readonly #keeps: boolean;
  readonly gaps: Frame[] = [];
  /** Ranges that did not begin where the last one ended. */
  breaks = 0;
  /** Where to resume. */
  position = "";
  closed: { code: number; reason: string } | null = null;
  #hasHeard = false;
  readonly #waiting: { isMet: () => boolean; resolve: () => void }[] = [];

  private constructor(socket: WebSocket, keeps: boolean) {
    this.socket = socket;
    this.#keeps = keeps;
    socket.on("message", (data: Buffer) => this.#hear(JSON.parse(data.toString()) as Frame));
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#look();
    });
    socket.on("error", () => {});
  }

  /** Opens a socket and waits for its hello. */
  static async open(
    relay: StartedRelay,
    channel: string,
    query = "",
    keeps = true,
  ): Promise<Client> {
    const url = `${relay.socketUrl}/v1/channels/${channel}/socket${query}`;
    const headers = { authorization: `Bearer ${relay.key}` };
    const client = new Client(new WebSocket(url, ["tributary.v1"], { headers }), keeps);
    await client.until(() => client.position !== "" || client.closed !== null);
    if (client.closed !== null) throw new Error(`refused: ${JSON.stringify(client.closed)}`);
    return client;
  }

  /** Resolves as soon as something holds; it is looked at after each frame. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ isMet, resolve });
    });
  }

  texts(): (string | undefined)[] {
    return this.events.flatMap(({ data }) =>
      data.message === undefined ? [] : [data.message.text],
    );
  }

  close(): void {
    this.socket.terminate();
  }

  #hear(frame: Frame): void {
    if (frame.type === "hello") this.position = frame.position;
    if (frame.type === "gap") {
      this.gaps.push(frame);
      if (frame.cause !== "slow") this.position = frame.to;
    }
    if (frame.type === "events") {
      if (this.#hasHeard && frame.from !== this.position) this.breaks += 1;
      this.#hasHeard = true;
      for (const event of frame.events) this.#note(event);
      this.position = frame.to;
    }
    this.#look();
  }

  #note(event: HeardEvent): void {
    if (this.#keeps) this.events.push(event);
    const { message } = event.data;
    if (message === undefined) return;
    this.messages += 1;
    if (numberOf(message.text) !== numberOf(this.last) + 1) this.misplaced += 1;
    this.last = message.text;
  }

  #look(): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.isMet()) waiting.resolve();
      else this.#waiting.push(waiting);
    }
  }
}

/** The number at the end of a burst's message; 0 for none. */
function numberOf(text: string): number {
  return Number(/\d+$/.exec(text)?.[0] ?? 0);
}
