import { failLater, toError, TributaryError } from "./errors.ts";
import type { EventOf, Filter, Position, StreamEvent, TypePattern } from "./event-types.ts";
import type { Status } from "./events.ts";
import { toLists } from "./filter.ts";
import type { Command } from "./frames.ts";
import { EarlyReader } from "./listeners.ts";
import { Listening } from "./listening.ts";
import { isAfter } from "./place.ts";
import type { Reader, ReaderHost } from "./readers.ts";
import type {
  History,
  HistoryPage,
  HistoryQuery,
  NewEvent,
  OutgoingMessage,
  Send,
} from "./types.ts";

const BUFFER = 1_000;
const READ_AGAIN_MS = 2_000;

/** A channel's events, in order and each once. It is connected while somebody listens. */
export class Channel extends Listening implements Disposable {
  /** Events as they come. A slow reader costs nothing: what does not fit is read from history later. */
  events<P extends TypePattern = "*">(
    what?: P | readonly P[] | Filter<P>,
    { signal, buffer = BUFFER }: { signal?: AbortSignal; buffer?: number } = {},
  ): AsyncIterableIterator<EventOf<P>> {
    const early = new EarlyReader(toLists(what), this.performer.state.position);
    const loading = this.#loadReader(early, buffer);
    this.readers.add(early);
    this.listen();
    const finish = (): void => void loading.then((reader) => reader.finish());
    if (signal?.aborted === true) finish();
    signal?.addEventListener("abort", finish, { once: true });
    const iterator: AsyncIterableIterator<StreamEvent> = {
      next: async () => (await loading).next(),
      return: async () => (await loading).return(),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator as unknown as AsyncIterableIterator<EventOf<P>>;
  }

  /** Loads the rest of a reader, which takes over what has come meanwhile. */
  async #loadReader(early: EarlyReader, buffer: number): Promise<Reader> {
    const { Reader } = await import("./readers.ts");
    const host: ReaderHost = {
      page: (query) => this.http.ask("/events", { query }),
      gap: (gap) => this.emit("gap", { ...gap, filled: false }),
      isAfter,
      recover: async (error) => {
        const failure = toError(error);
        if (!failure.retryable) throw failure;
        await this.performer.pause(failure.retryAfterMs ?? READ_AGAIN_MS);
      },
      left: (reader) => {
        if (this.readers.delete(reader)) this.rest();
      },
    };
    const reader = new Reader(host, early, buffer);
    this.readers.delete(early);
    if (early.end === null) this.readers.add(reader);
    return reader;
  }

  /** The events of the past. */
  history<P extends TypePattern = "*">(query: HistoryQuery<P> = {}): History<EventOf<P>> {
    const { http } = this;
    const pages = async function* (): AsyncGenerator<HistoryPage<EventOf<P>>, undefined> {
      const { readPages } = await import("./history.ts");
      yield* readPages(http, query);
    };
    return {
      pages,
      async *[Symbol.asyncIterator]() {
        for await (const { events } of pages()) yield* events;
      },
    };
  }

  event(id: Position): Promise<StreamEvent> {
    return this.http.ask(`/events/${id}`);
  }

  /** The provider's own words. */
  raw(id: Position): Promise<unknown> {
    return this.http.ask(`/events/${id}/raw`);
  }

  status(): Promise<Status> {
    return this.http.ask("/status");
  }

  /** Posts events; answers their ids. */
  async post(
    events: NewEvent | readonly NewEvent[],
    { idempotencyKey = crypto.randomUUID() }: { idempotencyKey?: string } = {},
  ): Promise<Position[]> {
    const headers = { "idempotency-key": idempotencyKey };
    const asked = { method: "POST", body: events, headers };
    const { ids } = await this.http.ask<{ ids: Position[] }>("/events", asked);
    return ids;
  }

  /** Says something on the platforms. Resolves when it is taken on. */
  send({ sendId = crypto.randomUUID(), ...message }: OutgoingMessage): Promise<Send> {
    return this.#ask({ type: "send", sendId, ...message });
  }

  /** Shows viewers an interface; null takes it away. */
  show(ui: Record<string, unknown> | null): Promise<Send> {
    return this.#ask({ type: "interface", sendId: crypto.randomUUID(), interface: ui ?? {} });
  }

  async #ask(command: Command): Promise<Send> {
    const { Sends } = await import("./sends.ts");
    this.sends ??= new Sends({
      changed: () => (this.isWanted ? this.listen() : this.rest()),
      ask: (key, asked) => {
        if (this.isClosed) throw new TributaryError(failLater("closed"));
        this.performer.take({ type: "command-asked", key, command: asked });
      },
    });
    return this.sends.ask(command);
  }
}
