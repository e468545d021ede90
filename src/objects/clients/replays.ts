import { hasRoom } from "../../channel/pressure.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import { formatPosition } from "../../event/position.ts";
import { withRaw } from "../../protocols/dialect.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import type { Page } from "../../store/history/pages.ts";
import { pause } from "../deadline.ts";
import type { Client } from "./client.ts";
import type { Reader } from "./reader.ts";

export interface ReplayHost {
  readonly channel: { readonly epoch: Epoch };
  readonly reader: Reader;
  head(): Seq;
  /** The client has got everything there is. Called in the same breath as the last page. */
  live(client: Client): void;
}

// A socket that cannot take the next page is looked at again after this: a timer, since nothing
// tells when a socket has been read from.
const LOOK_AGAIN_MS = 25;

// A replay that has not moved for so long has nobody reading it.
const STUCK_MS = 30_000;

// Replays at work at once: each holds a page, and after a restart everyone comes at the same time.
const AT_ONCE = 32;

/** Brings clients from where they are to now, a page at a time, each as fast as it reads. */
export class Replays {
  readonly #host: ReplayHost;
  /** Each client's one replay, by a token: a new one makes the old one stop by itself. */
  readonly #running = new Map<Client, symbol>();
  readonly #queue: (() => void)[] = [];
  #working = 0;

  constructor(host: ReplayHost) {
    this.#host = host;
  }

  /** Resolves when the client is live, or gone, or is being replayed anew. */
  async run(client: Client): Promise<void> {
    const token = Symbol("replay");
    this.#running.set(client, token);
    const goesOn = (): boolean => this.#running.get(client) === token && !client.isLive;
    await this.#turn();
    try {
      while (goesOn()) {
        if (!(await this.#isReadFrom(client)) || !goesOn()) return;
        await this.#step(client, goesOn);
      }
    } catch {
      client.close(CloseCode.overCapacity, "history is away");
    } finally {
      if (this.#running.get(client) === token) this.#running.delete(client);
      this.#working -= 1;
      this.#queue.shift()?.();
    }
  }

  stop(client: Client): void {
    this.#running.delete(client);
  }

  async #step(client: Client, goesOn: () => boolean): Promise<void> {
    const { at, filter, raw } = client;
    if (at === null) return;
    const next = this.#host.reader.next(at, filter, raw);
    const page = next instanceof Promise ? await next : next;
    // It may have asked for something else, or gone, while history was being read.
    if (!goesOn()) return;
    this.#send(client, at, page);
    client.reach(page.seenTo);
    // No await since the page was read: what is at the head now has nothing after it.
    if (page.seenTo >= this.#host.head()) {
      client.goLive();
      this.#host.live(client);
    }
  }

  #send(client: Client, at: Seq, page: Page): void {
    if (page.seenTo === at) return;
    const { epoch } = this.#host.channel;
    const texts = page.events.map((event) => ({
      id: formatPosition(epoch, event.seq),
      type: event.type,
      text: client.raw && event.raw !== null ? withRaw(event.text, event.raw) : event.text,
    }));
    const stretch = { from: formatPosition(epoch, at), to: formatPosition(epoch, page.seenTo) };
    client.send(client.dialect.events(stretch, texts));
  }

  /** Waits until the socket can take a page; false if nobody reads it. */
  async #isReadFrom(client: Client): Promise<boolean> {
    for (let waited = 0; !hasRoom(client.socket.bufferedAmount); waited += LOOK_AGAIN_MS) {
      if (waited >= STUCK_MS || client.socket.readyState !== WebSocket.OPEN) {
        client.close(CloseCode.tooSlow, "reads too slowly: resume");
        return false;
      }
      await pause(LOOK_AGAIN_MS);
    }
    return true;
  }

  async #turn(): Promise<void> {
    this.#working += 1;
    if (this.#working <= AT_ONCE) return;
    await new Promise<void>((resolve) => {
      this.#queue.push(resolve);
    });
  }
}
