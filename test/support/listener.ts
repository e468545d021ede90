import { call, makeChannel, textsOf, type ShownEvent } from "./api.ts";
import type { Emulated } from "./emulated.ts";
import { connect, type TestSocket } from "./sockets.ts";

/** A channel that is linked to an emulated provider, with a client that keeps all it hears. */
export class Listener {
  readonly channel: string;
  readonly provider: string;
  readonly events: ShownEvent[] = [];
  readonly #socket: TestSocket;

  private constructor(channel: string, provider: string, socket: TestSocket) {
    this.channel = channel;
    this.provider = provider;
    this.#socket = socket;
  }

  static async to(emulated: Emulated, settings: Record<string, unknown> = {}): Promise<Listener> {
    const channel = await makeChannel();
    const socket = await connect(channel);
    await socket.nextOf("hello");
    return new Listener(channel, await emulated.link(channel, settings), socket);
  }

  /** Resolves once something of all that was heard holds. */
  async until(isMet: (events: readonly ShownEvent[]) => boolean): Promise<void> {
    while (!isMet(this.events)) this.events.push(...(await this.#socket.events(1)));
  }

  /** The connection map as the API shows it. */
  async connections(): Promise<readonly Record<string, unknown>[]> {
    const path = `/channels/${this.channel}/connections`;
    return (await call<{ data: Record<string, unknown>[] }>("GET", path)).body.data;
  }

  /** A channel that goes on dialling would be heard in the next test. */
  async end(): Promise<void> {
    await call("DELETE", `/channels/${this.channel}`);
  }
}

/** What was said, in the order heard. */
export function wordsIn(events: readonly ShownEvent[]): unknown[] {
  const said = events.filter(({ type }) => /^(chat\.message|interaction\.input)$/.test(type));
  return said.map(({ data }) => {
    const values = data["values"] as { text?: unknown } | undefined;
    return values?.text ?? textsOf([{ data }])[0];
  });
}

/**
 * What was told of a connection, a letter an event: C connected, L lost, G a gap, X gone by
 * somebody's will.
 */
export function lifeOf(identifier: string, events: readonly ShownEvent[]): string {
  return events
    .filter(({ connectionid }) => connectionid === identifier)
    .flatMap(({ type, data }) => {
      if (type === "connection.updated") return data["status"] === "connected" ? "C" : "L";
      if (type === "connection.closed") return FINAL.has(data["reason"]) ? "X" : "L";
      return type === "connection.gap" ? "G" : [];
    })
    .join("");
}

const FINAL = new Set<unknown>(["removed", "expired", "not_announced"]);

/** Once it has been there, every return from a loss is told with its gap, and nothing else is. */
export const GAPS_AFTER_LOSSES = /^(L*(C+(L+CGC*)*L*)?X?)*$/;
