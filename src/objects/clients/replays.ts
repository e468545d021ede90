import { makeExpiredGap } from "../../channel/resume.ts";
import { pause } from "../../deadline.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import { formatPosition } from "../../event/position.ts";
import { FairTurns } from "../../lib/fair-turns.ts";
import { withRaw } from "../../protocols/dialect.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { report } from "../../report.ts";
import type { Page } from "../../store/history/pages.ts";
import type { Client } from "./client.ts";
import type { Reader } from "./reader.ts";
import type { UnsentBytes } from "./unsent.ts";

export interface ReplayHost {
  readonly channel: { readonly epoch: Epoch };
  readonly reader: Reader;
  readonly unsent: Pick<UnsentBytes, "pressureOn">;
  head(): Seq;
  /** May the client read the channel, as both are now? */
  mayGoOn(client: Client): boolean;
  /** The client has got everything there is. Called in the same breath as the last page. */
  live(client: Client): void;
}

// A socket that cannot take the next page is looked at again after this, and then less and less
// often: a timer, since nothing tells when a socket has been read from.
const LOOK_AGAIN_MS = 25;
const LOOK_AGAIN_MAX_MS = 500;

// A replay that has not moved for so long has nobody reading it.
const STUCK_MS = 30_000;

// Pages that are read at once, since each is held in memory and after a restart everyone comes at
// the same time; and how many of them for one party.
const AT_ONCE = 32;
const SHARE = 8;

/**
 * Brings clients from where they are to now, a page at a time, each as fast as it reads. A turn is
 * held while a page is being read from the log, never while a client is waited for.
 */
export class Replays {
  readonly #host: ReplayHost;
  /** Each client's one replay, by a token: a new one makes the old one stop by itself. */
  readonly #running = new Map<Client, symbol>();
  readonly #turns = new FairTurns(AT_ONCE, SHARE);

  constructor(host: ReplayHost) {
    this.#host = host;
  }

  /** Resolves when the client is live, or gone, or is being replayed anew. */
  async run(client: Client): Promise<void> {
    const token = Symbol("replay");
    this.#running.set(client, token);
    const isOn = (): boolean => this.#running.get(client) === token && !client.isLive;
    const goesOn = (): boolean => isOn() && this.#host.mayGoOn(client);
    try {
      while (goesOn()) {
        if (this.#hasAll(client)) return this.#goLive(client);
        if (!(await this.#isReadFrom(client)) || !goesOn()) return;
        const end = await this.#turns.take(client.party);
        try {
          if (goesOn()) await this.#step(client, goesOn);
        } finally {
          end();
        }
      }
    } catch (error) {
      report("replay failed", error, { dialect: client.dialectId });
      client.close(CloseCode.overCapacity, "history is away");
    } finally {
      if (this.#running.get(client) === token) this.#running.delete(client);
    }
  }

  stop(client: Client): void {
    this.#running.delete(client);
  }

  #hasAll({ at }: Client): boolean {
    return at !== null && at >= this.#host.head();
  }

  #goLive(client: Client): void {
    client.goLive();
    this.#host.live(client);
  }

  async #step(client: Client, goesOn: () => boolean): Promise<void> {
    const { at, filter, raw } = client;
    if (at === null) return;
    const next = this.#host.reader.next(at, filter, raw);
    const page = next instanceof Promise ? await next : next;
    // It may have asked for something else, or gone, while history was being read.
    if (!goesOn()) return;
    if (!this.#send(client, at, page)) return this.stop(client);
    client.reach(page.seenTo);
    // No await since the page was read: what is at the head now has nothing after it.
    if (this.#hasAll(client)) return this.#goLive(client);
    if (page.seenTo <= at) throw new Error("the log was not read any further");
  }

  /** False for a client that was sent away. */
  #send(client: Client, at: Seq, page: Page): boolean {
    if (page.seenTo === at) return true;
    const { epoch } = this.#host.channel;
    // Retention may overtake a replay.
    const from = Math.max(at, page.from);
    if (from > at && !client.dialect.tellsGaps) {
      client.close(CloseCode.protocolError, "position is no longer kept");
      return false;
    }
    if (from > at) client.send(client.dialect.gap(makeExpiredGap(epoch, at, from)));
    const texts = page.events.map((event) => ({
      id: formatPosition(epoch, event.seq),
      type: event.type,
      text: client.raw && event.raw !== null ? withRaw(event.text, event.raw) : event.text,
    }));
    const range = { from: formatPosition(epoch, from), to: formatPosition(epoch, page.seenTo) };
    client.send(client.dialect.events(range, texts));
    return true;
  }

  /** Waits until the socket can take a page; false if nobody reads it. */
  async #isReadFrom(client: Client): Promise<boolean> {
    let step = LOOK_AGAIN_MS;
    for (let waited = 0; ; waited += step) {
      const pressure = this.#host.unsent.pressureOn(client.socket);
      if (pressure === "none") return true;
      const isOpen = client.socket.readyState === WebSocket.OPEN;
      if (pressure === "close" || waited >= STUCK_MS || !isOpen) {
        client.close(CloseCode.tooSlow, "reads too slowly: resume");
        return false;
      }
      if (waited > 0) step = Math.min(LOOK_AGAIN_MAX_MS, step * 2);
      await pause(step);
    }
  }
}
