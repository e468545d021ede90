import { pressureOf } from "../channel/pressure.ts";
import type { Answer } from "../event/answer.ts";
import type { EventDraft, StreamEvent } from "../event/event.ts";
import { ease, type NumberedEvent, type Pressure } from "../event/group.ts";
import type { ProtocolId, Seq } from "../event/ids.ts";
import type { Principal } from "../event/principal.ts";
import type { SendAsk, SendRefusal } from "../event/sending.ts";
import type { Json } from "../lib/json.ts";
import type {
  ChannelFacts,
  FollowRefusal,
  GatewayAdapter,
  GatewayEffect,
  GatewayInput,
  Opening,
  PostRefusal,
} from "../protocols/gateway.ts";
import { GatewayClient } from "./gateway-client.ts";

type MaybePromise<T> = T | Promise<T>;

/** What the sockets of gateways need of the object that they live in. */
export interface GatewayHost {
  readonly ctx: DurableObjectState;
  /** Whom a credential speaks for; null if it does not hold. */
  authenticate(credential: string | null): Promise<Principal | null>;
  /** The channel as it is, if the principal may read it. What comes after is published. */
  follow(channel: string, principal: Principal): MaybePromise<Answer<ChannelFacts, FollowRefusal>>;
  /** The channel as it is; null if it is gone. */
  look(channel: string): MaybePromise<ChannelFacts | null>;
  /** Nobody here follows the channel any more. */
  abandoned(channel: string): void;
  send(channel: string, ask: SendAsk): MaybePromise<Answer<{ sendId: string }, SendRefusal>>;
  /** Writes what a client of a protocol did as an event of the channel, which is then published. */
  post(
    channel: string,
    protocol: ProtocolId,
    draft: EventDraft,
  ): MaybePromise<Answer<{ seq: Seq }, PostRefusal>>;
  /** A socket has come with whose end what viewers are shown is taken away: not in a hub. */
  joined?(socket: string): void;
  /** A socket has ended, whichever it was. */
  left?(socket: string): void;
  /** What a socket may bring elsewhere to go on as this one: sealed. */
  handOver(protocol: string, what: Json): Promise<string>;
  populationChanged(): void;
}

/** How many of the clients are looked at to tell whether a group has been sent. */
const NEWEST = 8;

/** Follows that are not answered yet, with what has come in the meantime. */
type Pending = Map<string, Set<NumberedEvent[]>>;

/** Serves the clients that speak one of the five protocols, in a channel's object or in a hub. */
export class GatewaySockets {
  readonly #host: GatewayHost;
  readonly #clients = new Map<WebSocket, GatewayClient>();
  readonly #followers = new Map<string, Set<GatewayClient>>();
  readonly #pending = new Map<GatewayClient, Pending>();
  /** How many there are of each adapter's. */
  readonly #kinds = new Map<GatewayAdapter, number>();
  #newest: readonly GatewayClient[] = [];
  /** By channel. */
  readonly #delivered = new Map<string, number>();

  constructor(host: GatewayHost) {
    this.#host = host;
  }

  get count(): number {
    return this.#clients.size;
  }

  /** What the sockets that are here are called. */
  get names(): readonly string[] {
    return [...this.#clients.values()].map(({ name }) => name);
  }

  /** How many there are that follow a channel. */
  countOn(channel: string): number {
    return this.#followers.get(channel)?.size ?? 0;
  }

  /** Events of a channel that were handed to sessions. */
  deliveredOn(channel: string): number {
    return this.#delivered.get(channel) ?? 0;
  }

  /** The last ones that came: a group is sent to them last. */
  get newest(): readonly GatewayClient[] {
    return this.#newest;
  }

  /** How many there are, by protocol; those that follow a channel, or (null) all. */
  byProtocol(channel: string | null): Record<string, number> {
    const byProtocol: Record<string, number> = {};
    const some = channel === null ? this.#clients.values() : this.#followers.get(channel);
    for (const { adapter } of some ?? []) {
      byProtocol[adapter.protocol] = (byProtocol[adapter.protocol] ?? 0) + 1;
    }
    return byProtocol;
  }

  /** Does somebody here follow the channel, or is about to? */
  follows(channel: string): boolean {
    if (this.#followers.has(channel)) return true;
    return [...this.#pending.values()].some((pending) => pending.has(channel));
  }

  /** The channels that somebody here follows. */
  get channels(): readonly string[] {
    return [...this.#followers.keys()];
  }

  /** How often the sockets that are here want to be told that they live; null for never. */
  get beatMs(): number | null {
    const beats = [...this.#kinds.keys()].flatMap(({ beatMs }) => beatMs ?? []);
    return beats.length === 0 ? null : Math.min(...beats);
  }

  /** Takes on a new client, and answers its end of the socket. `missed`: since the facts of it. */
  accept(
    adapter: GatewayAdapter,
    about: Omit<Opening, "at" | "session">,
    missed: readonly NumberedEvent[] = [],
  ): WebSocket {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.#host.ctx.acceptWebSocket(ours);
    const name = crypto.randomUUID();
    const { session, effects } = adapter.open({ ...about, at: Date.now(), session: name });
    const client = GatewayClient.arrive(ours, adapter, name, session);
    this.#add(client);
    const { channel } = about;
    if (channel !== null) this.#seat(client, channel.id, channel.head);
    this.#host.populationChanged();
    this.#performAll(client, effects);
    if (channel !== null) this.#deliver(client, channel.id, missed, new Map());
    return theirs;
  }

  /** Where a socket was before its object slept; false if it is none of these. */
  restore(socket: WebSocket, attachment: unknown): boolean {
    const client = GatewayClient.restore(socket, attachment);
    if (client === null) return false;
    this.#add(client);
    for (const channel of Object.keys(client.follows)) this.#followersOf(channel).add(client);
    return true;
  }

  publish(channel: string, events: readonly NumberedEvent[]): void {
    const followers = this.#followers.get(channel);
    if (followers !== undefined) {
      const copies = new Map<Pressure, readonly NumberedEvent[]>();
      for (const client of followers) this.#deliver(client, channel, events, copies);
    }
    for (const pending of this.#pending.values()) {
      for (const missed of pending.get(channel) ?? []) missed.push(...events);
    }
  }

  onMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    const text = typeof frame === "string" ? frame : null;
    const client = this.#clients.get(socket);
    if (client === undefined) return;
    if (client.isExpired(Date.now())) return this.#expire(client);
    this.#hand(client, { type: "frame-received", at: Date.now(), frame: text });
  }

  /** All sockets are told that they live, where their protocol does that. */
  beat(): void {
    const at = Date.now();
    for (const client of this.#clients.values()) {
      if (client.isExpired(at)) this.#expire(client);
      else if (client.adapter.beatMs !== null) this.#hand(client, { type: "beat", at });
    }
  }

  forget(socket: WebSocket): void {
    const client = this.#clients.get(socket);
    if (client === undefined) return;
    this.#remove(client);
    this.#pending.delete(client);
    for (const channel of Object.keys(client.follows)) this.#unseat(client, channel);
    this.#host.left?.(client.name);
    this.#host.populationChanged();
  }

  dismiss(credentialId: string): void {
    for (const client of this.#clients.values()) {
      if (client.goesBy(credentialId)) this.#expire(client);
    }
  }

  /** Closes the sockets that follow a channel, or (null) all. */
  dismissAll(channel: string | null, reason: string): void {
    const some = channel === null ? this.#clients.values() : this.#followers.get(channel);
    for (const client of some ?? []) this.#part(client, 1001, reason);
  }

  /** Tells the clients that a planned end is near, where their protocol has a word for it. */
  handOver(): void {
    for (const client of this.#clients.values()) {
      const { adapter, session } = client;
      if (adapter.handOver === undefined) continue;
      const what = adapter.handOver(session.snapshot());
      this.#later(client, this.#host.handOver(adapter.protocol, what), (token, at) => {
        this.#hand(client, { type: "hand-over-planned", at, token });
      });
    }
  }

  /** Gives a group to one client, as much of it as it can take. */
  #deliver(
    client: GatewayClient,
    channel: string,
    events: readonly NumberedEvent[],
    copies: Map<Pressure, readonly NumberedEvent[]>,
  ): void {
    const at = Date.now();
    if (client.isExpired(at)) return this.#expire(client);
    // None of these protocols can say that something was left out.
    const pressure = pressureOf(client.socket.bufferedAmount);
    if (pressure === "close" || pressure === "shed") {
      return this.#part(client, client.adapter.closes.slow, "reads too slowly");
    }
    const copy = copies.get(pressure) ?? ease(events, pressure).events;
    copies.set(pressure, copy);
    const after = client.placeIn(channel) ?? 0;
    const wanted = copy.filter(({ seq }) => seq > after).map(({ event }) => event);
    if (wanted.length > 0) this.#observe(client, channel, wanted);
  }

  #observe(client: GatewayClient, channel: string, events: readonly StreamEvent[]): void {
    this.#delivered.set(channel, this.deliveredOn(channel) + events.length);
    this.#hand(client, { type: "events-observed", at: Date.now(), channel, events });
  }

  #hand(client: GatewayClient, input: GatewayInput): void {
    if (!this.#clients.has(client.socket)) return;
    this.#performAll(client, client.session.handle(input));
  }

  #performAll(client: GatewayClient, effects: readonly GatewayEffect[]): void {
    if (!client.remember()) {
      return this.#part(client, 1009, "too much to be remembered");
    }
    for (const effect of effects) this.#perform(client, effect);
  }

  #perform(client: GatewayClient, effect: GatewayEffect): void {
    switch (effect.type) {
      case "frame-send":
        if (!client.send([effect.frame])) this.forget(client.socket);
        return;
      case "credential-check":
        return this.#later(client, this.#host.authenticate(effect.credential), (principal, at) => {
          const { ask } = effect;
          this.#hand(client, { type: "credential-checked", at, ask, principal });
        });
      case "channel-follow":
        return this.#follow(client, effect);
      case "channel-unfollow":
        client.unfollow(effect.channel);
        return this.#unseat(client, effect.channel);
      case "channel-look":
        return this.#later(client, this.#host.look(effect.channel), (channel, at) => {
          this.#hand(client, { type: "channel-looked", at, ask: effect.ask, channel });
        });
      case "send-ask":
        return this.#later(client, this.#host.send(effect.channel, effect.send), (answer, at) => {
          this.#hand(client, { type: "send-answered", at, ask: effect.ask, answer });
        });
      case "event-post":
        return this.#post(client, effect);
      case "peers-tell":
        return this.#tellPeers(client, effect);
      case "board-join":
        if (this.#clients.has(client.socket)) this.#host.joined?.(client.name);
        return;
      case "socket-close":
        return this.#part(client, effect.code, effect.reason);
    }
  }

  #follow(client: GatewayClient, effect: Extract<GatewayEffect, { type: "channel-follow" }>): void {
    const { ask, channel, principal } = effect;
    const pending: Pending = this.#pending.get(client) ?? new Map();
    // A client may ask for the same channel several times at once: each has its own wait.
    const waits = pending.get(channel) ?? new Set();
    const missed: NumberedEvent[] = [];
    waits.add(missed);
    pending.set(channel, waits);
    this.#pending.set(client, pending);
    this.#later(client, this.#host.follow(channel, principal), (answer, at) => {
      waits.delete(missed);
      if (waits.size === 0) pending.delete(channel);
      if (pending.size === 0) this.#pending.delete(client);
      if (!this.#clients.has(client.socket)) {
        return this.#settle(channel);
      }
      // One that follows it already goes on where it is.
      const isNew = answer.ok && client.placeIn(channel) === null;
      if (isNew) this.#seat(client, channel, answer.value.head);
      this.#hand(client, { type: "follow-answered", at, ask, answer });
      if (!answer.ok) this.#settle(channel);
      if (isNew) this.#deliver(client, channel, missed, new Map());
    });
  }

  #post(client: GatewayClient, effect: Extract<GatewayEffect, { type: "event-post" }>): void {
    const { ask, channel, draft } = effect;
    this.#later(client, this.#host.post(channel, client.adapter.protocol, draft), (answer, at) => {
      if (ask !== null) this.#hand(client, { type: "post-answered", at, ask, answer });
    });
  }

  #tellPeers(client: GatewayClient, effect: Extract<GatewayEffect, { type: "peers-tell" }>): void {
    this.tell(client.adapter.protocol, effect.channel, effect.note);
  }

  /** Tells all sessions of a protocol that follow the channel here. */
  tell(protocol: ProtocolId, channel: string, note: Json): void {
    for (const peer of this.#followers.get(channel) ?? []) {
      if (peer.adapter.protocol !== protocol) continue;
      this.#hand(peer, { type: "peer-told", at: Date.now(), channel, note });
    }
  }

  #later<T>(
    client: GatewayClient,
    answer: MaybePromise<T>,
    then: (answer: T, at: number) => void,
  ): void {
    if (!(answer instanceof Promise)) return then(answer, Date.now());
    const told = answer.then(
      (value) => then(value, Date.now()),
      // Nothing was answered, and none of these protocols can say so later.
      () => this.#part(client, 1013, "try again later"),
    );
    this.#host.ctx.waitUntil(told);
  }

  #add(client: GatewayClient): void {
    this.#clients.set(client.socket, client);
    this.#newest = [...this.#newest.slice(1 - NEWEST), client];
    this.#kinds.set(client.adapter, (this.#kinds.get(client.adapter) ?? 0) + 1);
  }

  #remove({ socket, adapter }: GatewayClient): void {
    this.#clients.delete(socket);
    if (this.#newest.some((each) => each.socket === socket)) {
      this.#newest = [...this.#clients.values()].slice(-NEWEST);
    }
    const left = (this.#kinds.get(adapter) ?? 1) - 1;
    if (left === 0) this.#kinds.delete(adapter);
    else this.#kinds.set(adapter, left);
  }

  #seat(client: GatewayClient, channel: string, after: number): void {
    client.follow(channel, after);
    this.#followersOf(channel).add(client);
  }

  #unseat(client: GatewayClient, channel: string): void {
    const followers = this.#followers.get(channel);
    followers?.delete(client);
    if (followers?.size === 0) this.#followers.delete(channel);
    this.#settle(channel);
  }

  #settle(channel: string): void {
    if (!this.follows(channel)) this.#host.abandoned(channel);
  }

  #followersOf(channel: string): Set<GatewayClient> {
    const followers = this.#followers.get(channel) ?? new Set();
    this.#followers.set(channel, followers);
    return followers;
  }

  #expire(client: GatewayClient): void {
    this.#part(client, client.adapter.closes.credential, "credential no longer holds");
  }

  #part(client: GatewayClient, code: number, reason: string): void {
    client.close(code, reason);
    this.forget(client.socket);
  }
}
