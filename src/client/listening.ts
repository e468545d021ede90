import { CONNECTION_TYPES, noteConnection } from "./connections.ts";
import { Emitter } from "./emitter.ts";
import { TributaryError } from "./errors.ts";
import type { EventOf, Filter, Position, StreamEvent, TypePattern } from "./event-types.ts";
import type { Connection } from "./events.ts";
import { toLists, unite, type Lists } from "./filter.ts";
import { Http, type World } from "./http.ts";
import { Keeper } from "./keeper.ts";
import { giveAll, type Listener, type OneByOne } from "./listeners.ts";
import { waitUntilLive } from "./live.ts";
import { Performer, type Told } from "./performer.ts";
import { isAfter } from "./place.ts";
import type { Sends } from "./sends.ts";
import type { Shown } from "./session-state.ts";
import type {
  ChannelEventMap,
  ChannelOptions,
  ConnectionState,
  Delivery,
  ListenOptions,
  Off,
} from "./types.ts";
import { watchPage } from "./waking.ts";

/** A start, whichever it is. */
interface AnyStart {
  readonly after?: Position | null;
  readonly rewind?: number | null;
  readonly since?: string | Date | null;
}

const LINGER_MS = 5_000;

const SENDS: Lists = { types: ["send.*"], providers: [], platforms: [] };

/** The part of a channel that listens: who hears what, and up to where. */
export class Listening extends Emitter {
  readonly id: string;
  protected readonly http: Http;
  protected readonly performer: Performer;
  protected readonly readers: Set<OneByOne> = new Set();
  protected sends: Sends | null = null;
  protected isClosed = false;
  readonly #clock: World["clock"];
  readonly #keeper: Keeper;
  readonly #after: Position | null;
  readonly #lingerMs: number;
  readonly #listeners = new Set<Listener>();
  readonly #connections = new Map<string, Connection>();
  #state: ConnectionState = { name: "idle" };
  #head: Position | null = null;
  #isLoading = false;
  #isPinned = false;
  #stopLingering: () => void = () => undefined;
  #stopWatching: (() => void) | null = null;

  constructor(world: World, id: string, options: ChannelOptions) {
    super();
    const { from = "now", gaps = "tell", transport = "auto", lingerMs = LINGER_MS } = options;
    const { after = null, rewind = null, since = null }: AnyStart = from === "now" ? {} : from;
    this.id = id;
    this.#after = after;
    this.#clock = world.clock;
    this.#lingerMs = lingerMs;
    this.http = new Http(world, id);
    this.#keeper = new Keeper(options, id, world.clock, (error) => this.emit("error", error));
    const session = { gaps, transport, rewind, asks: this.http.asks };
    this.performer = new Performer(world, this.http, session, since, (told) => this.#hear(told));
  }

  get state(): ConnectionState {
    const { shown } = this.performer.state;
    return shown.name === "replaying" ? shown : this.#state;
  }

  /** Up to where everything was handed on. */
  get position(): Position | null {
    let { position } = this.performer.state;
    for (const { place } of this.readers) {
      if (place !== null && isAfter(position ?? place, place)) position = place;
    }
    return position;
  }

  /** The connection map, kept up to date by events. */
  get connections(): ReadonlyMap<string, Connection> {
    return this.#connections;
  }

  /** The relay's time now, in milliseconds, as far as it can be known. */
  serverNow(): number {
    return this.performer.serverNow();
  }

  /** Calls a handler with each event, in the log's order. */
  on<P extends TypePattern>(
    what: P | readonly P[] | Filter<P>,
    handler: (event: EventOf<P>, delivery: Delivery) => void,
    { signal }: ListenOptions = {},
  ): Off {
    const listener: Listener = {
      lists: toLists(what),
      give: (event) => handler(event as unknown as EventOf<P>, this.#describe(event)),
    };
    const off = (): void => {
      if (this.#listeners.delete(listener)) this.rest();
    };
    if (signal?.aborted === true) return off;
    signal?.addEventListener("abort", off, { once: true });
    this.#listeners.add(listener);
    this.listen();
    return off;
  }

  /** Connects, though nobody listens, and after it was closed or has stopped. */
  connect(): void {
    this.#isPinned = true;
    this.isClosed = false;
    this.listen(true);
  }

  /** Closes it for good, until `connect()`. */
  close(): void {
    this.#isPinned = false;
    this.isClosed = true;
    for (const reader of this.readers) reader.finish();
    this.#end();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Resolves when everything up to now was handed on; rejects where it stops for good. */
  live(): Promise<void> {
    if (this.#state.name === "idle") this.connect();
    return waitUntilLive(this);
  }

  /** Connects for somebody who listens, and tells the relay what they want. */
  protected listen(isAsked = false): void {
    this.#stopLingering();
    this.#tellFilter();
    const { name } = this.#state;
    const isOff = name === "idle" || (isAsked && name === "stopped");
    if (!isOff || this.isClosed || this.#isLoading) return;
    this.#isLoading = true;
    this.#stopWatching ??= watchPage({
      woken: () => this.performer.take({ type: "woken" }),
      leaving: () => void this.#keeper.save(this.position),
    });
    this.#keeper.load((kept) => {
      this.#isLoading = false;
      const position = kept ?? this.#after;
      if (position !== null) this.performer.take({ type: "place-found", position });
      if (!this.isClosed) this.performer.take({ type: "wanted" });
    });
  }

  protected get isWanted(): boolean {
    const { size = 0 } = this.sends ?? {};
    return this.#isPinned || this.#listeners.size + this.readers.size + size > 0;
  }

  /** Goes on for a while though somebody has left, should another come. */
  protected rest(): void {
    this.#tellFilter();
    if (this.isWanted || this.#state.name === "idle") return;
    this.#stopLingering();
    this.#stopLingering = this.#clock.setTimer(this.#lingerMs, () => this.#end());
  }

  #end(): void {
    this.#stopLingering();
    this.#stopWatching?.();
    this.#stopWatching = null;
    void this.#keeper.save(this.position);
    this.http.giveUp();
    this.performer.take({ type: "unwanted" });
  }

  #tellFilter(): void {
    const sends = (this.sends?.size ?? 0) === 0 ? [] : [SENDS];
    const wanted = [...this.#listeners, ...this.readers].map(({ lists }) => lists);
    const all = unite([...wanted, ...sends]);
    const isOpen = all.types.length === 0 && wanted.length + sends.length > 0;
    const types = isOpen ? [] : [...new Set([...all.types, ...CONNECTION_TYPES])];
    this.performer.take({ type: "filter-changed", filter: { ...all, types } });
  }

  #describe({ id, recordedtime }: StreamEvent): Delivery {
    const live = this.#head === null || isAfter(id, this.#head);
    const recordedAt = Date.parse(recordedtime);
    // It cannot have come before it was written down.
    if (live && recordedAt > this.serverNow()) this.performer.noteTime(recordedAt);
    return { live, age: this.serverNow() - recordedAt };
  }

  /** Tells whoever listens. */
  protected emit<K extends keyof ChannelEventMap>(type: K, detail: ChannelEventMap[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #hear(told: Told): void {
    switch (told.type) {
      case "welcome-give":
        this.#connections.clear();
        for (const each of told.connections) this.#connections.set(each.identifier, each);
        return this.emit("connections", this.#connections);
      case "events-give":
        this.#head = told.head;
        for (const reader of this.readers) reader.at(told.from);
        for (const event of told.events) this.#give(event);
        return this.#keeper.note(() => this.position);
      case "gap-give":
        if (told.gap.cause !== "slow") this.sends?.giveUp();
        return this.emit("gap", told.gap);
      case "error-tell":
        return this.emit("error", new TributaryError(told.failure));
      case "command-settle":
        return told.answer.ok
          ? this.sends?.take(told.key, told.answer.data)
          : this.sends?.refuse(told.key, new TributaryError(told.answer.failure));
      case "state-tell":
        return this.#become(told.shown);
    }
  }

  #give(event: StreamEvent): void {
    const isNews = noteConnection(this.#connections, event);
    if (isNews) this.emit("connections", this.#connections);
    this.sends?.hear(event);
    giveAll([...this.#listeners, ...this.readers], event, (error) => this.emit("error", error));
  }

  #become(shown: Shown): void {
    const from = this.#state;
    const to: ConnectionState =
      shown.name === "waiting" || shown.name === "stopped"
        ? { ...shown, reason: new TributaryError(shown.reason) }
        : shown;
    this.#state = to;
    if (to.name === "stopped" || to.name === "idle") this.sends?.giveUp();
    if (to.name === "stopped") {
      for (const reader of this.readers) reader.finish(to.reason);
      this.http.forget("refused");
    }
    this.emit("state", { from, to });
  }
}
