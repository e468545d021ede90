import { measurePressure } from "../../channel/pressure.ts";
import type { StreamEvent } from "../../event/event.ts";
import { ease, type NumberedEvent, type Pressure } from "../../event/group.ts";
import type { ProtocolId } from "../../event/ids.ts";
import type { Scope } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import type { GatewayEffect, GatewayInput, Opening } from "../../protocols/gateway-session.ts";
import type { GatewayAdapter } from "../../protocols/gateway.ts";
import { ClientRegistry } from "../clients/client-registry.ts";
import { GatewayClient } from "./client.ts";
import { answerLater, performGatewayEffect, type GatewayEffectContext } from "./effects.ts";
import type { GatewayHost } from "./host.ts";
import { Strangers } from "./strangers.ts";
import { Followers } from "./subscriptions.ts";

/** Serves the clients that speak one of the five protocols, in a channel's object or in a hub. */
export class GatewaySockets {
  readonly #host: GatewayHost;
  readonly #clients = new ClientRegistry(({ adapter }: GatewayClient) => adapter);
  readonly #followers: Followers;
  readonly #strangers = new Strangers();
  readonly #context: GatewayEffectContext;
  /** By channel. */
  readonly #delivered = new Map<string, number>();

  constructor(host: GatewayHost) {
    this.#host = host;
    this.#followers = new Followers((channel) => {
      this.#delivered.delete(channel);
      host.abandoned(channel);
    });
    this.#context = {
      host,
      followers: this.#followers,
      isHere: (client) => this.#clients.has(client),
      hand: (client, input) => this.#hand(client, input),
      deliver: (client, channel, events) => this.#deliver(client, channel, events, new Map()),
      tell: (protocol, channel, note) => this.tell(protocol, channel, note),
      forget: (socket) => this.forget(socket),
      part: (client, code, reason) => this.#part(client, code, reason),
    };
  }

  get count(): number {
    return this.#clients.count;
  }

  /** What the sockets that are here are called. */
  get names(): readonly string[] {
    return [...this.#clients.all()].map(({ name }) => name);
  }

  /** How many there are that follow a channel. */
  countOn(channel: string): number {
    return this.#followers.on(channel).size;
  }

  /** Events of a channel that were handed to sessions. */
  deliveredOn(channel: string): number {
    return this.#delivered.get(channel) ?? 0;
  }

  /** The last ones that came: a group is sent to them last. */
  get newest(): readonly GatewayClient[] {
    return this.#clients.newest;
  }

  /** How many there are, by protocol; those that follow a channel, or (null) all. */
  byProtocol(channel: string | null): Record<string, number> {
    const byProtocol = new Map<string, number>();
    const some = channel === null ? this.#clients.all() : this.#followers.on(channel);
    for (const { adapter } of some) {
      byProtocol.set(adapter.protocol, (byProtocol.get(adapter.protocol) ?? 0) + 1);
    }
    return Object.fromEntries(byProtocol);
  }

  /** Does somebody here follow the channel, or is about to? */
  follows(channel: string): boolean {
    return this.#followers.has(channel);
  }

  /** The channels that somebody here follows. */
  get channels(): readonly string[] {
    return this.#followers.channels;
  }

  /** How often the sockets that are here want to be told that they live; null for never. */
  get beatMs(): number | null {
    const beats = [...this.#clients.kinds.keys()].flatMap(({ beatMs }) => beatMs ?? []);
    return beats.length === 0 ? null : Math.min(...beats);
  }

  /** Are there as many from an address that go by no credential as there may be? */
  isCrowdedBy(from: string): boolean {
    return this.#strangers.isCrowd(from);
  }

  /** When the next socket that has shown no credential is to be closed; null for never. */
  get greetBy(): number | null {
    return this.#strangers.greetBy;
  }

  /** Closes the sockets that have shown no credential in time. */
  dismissSilent(now: number): void {
    for (const client of this.#strangers.lateAt(now)) {
      this.#part(client, client.adapter.closes.credential, "no credential in time");
    }
  }

  /** Takes on a new client, and answers its end of the socket. `missed`: since the facts of it. */
  accept(
    adapter: GatewayAdapter,
    {
      needs = adapter.needs,
      from,
      ...about
    }: Omit<Opening, "at" | "session"> & {
      readonly needs?: Scope;
      readonly from: string;
    },
    missed: readonly NumberedEvent[] = [],
  ): WebSocket {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.#host.ctx.acceptWebSocket(ours);
    const name = crypto.randomUUID();
    const at = Date.now();
    const { session, effects } = adapter.open({ ...about, at, session: name });
    const client = GatewayClient.arrive(ours, adapter, { name, needs, from, at }, session);
    this.#clients.add(client);
    this.#strangers.add(client);
    const { channel } = about;
    if (channel !== null) this.#followers.seat(client, channel.id, channel.head);
    this.#host.populationChanged();
    this.#performAll(client, effects);
    if (channel !== null) this.#deliver(client, channel.id, missed, new Map());
    return theirs;
  }

  /** Where a socket was before its object slept; false if it is none of these. */
  restore(socket: WebSocket, attachment: unknown): boolean {
    const client = GatewayClient.restore(socket, attachment);
    if (client === null) return false;
    this.#clients.add(client);
    this.#strangers.add(client);
    this.#followers.restore(client);
    return true;
  }

  publish(channel: string, events: readonly NumberedEvent[]): void {
    const copies = new Map<Pressure, readonly NumberedEvent[]>();
    for (const client of this.#followers.on(channel)) {
      this.#deliver(client, channel, events, copies);
    }
    this.#followers.miss(channel, events);
  }

  /** Tells all sessions of a protocol that follow the channel here. */
  tell(protocol: ProtocolId, channel: string, note: Json): void {
    for (const peer of this.#followers.on(channel)) {
      if (peer.adapter.protocol !== protocol) continue;
      this.#hand(peer, { type: "peer-told", at: Date.now(), channel, note });
    }
  }

  onMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    const text = typeof frame === "string" ? frame : null;
    const client = this.#clients.of(socket);
    if (client === undefined) return;
    const at = Date.now();
    const { follows } = client;
    const mayStay = Object.keys(follows).every((channel) => this.#mayStay(client, channel));
    if (client.isExpired(at) || !mayStay) return this.#expire(client);
    if (!client.takesFrame(at)) return this.#part(client, 1008, "too many frames");
    // Answers are kept until they are read: whoever asks on and on without reading is let go.
    if (measurePressure(client.socket.bufferedAmount) === "close") return this.#fallBehind(client);
    this.#hand(client, { type: "frame-received", at, frame: text });
  }

  /** All sockets are told that they live, where their protocol does that. */
  beat(): void {
    const at = Date.now();
    for (const client of this.#clients.all()) {
      if (client.isExpired(at)) this.#expire(client);
      else if (client.adapter.beatMs !== null) this.#hand(client, { type: "beat", at });
    }
  }

  forget(socket: WebSocket): void {
    const client = this.#clients.of(socket);
    if (client === undefined) return;
    this.#clients.remove(client);
    this.#strangers.remove(client);
    this.#followers.forget(client);
    this.#host.left?.(client.name);
    this.#host.populationChanged();
  }

  dismiss(credentialId: string): void {
    for (const client of this.#clients.all()) {
      if (client.goesBy(credentialId)) this.#expire(client);
    }
  }

  /** Closes the sockets that follow a channel and may not any more, as it is now. */
  dismissStrangers(channel: string): void {
    for (const client of this.#followers.on(channel)) {
      if (!this.#mayStay(client, channel)) this.#expire(client);
    }
  }

  /** Closes the sockets that follow a channel, or (null) all. */
  dismissAll(channel: string | null, reason: string): void {
    const some = channel === null ? this.#clients.all() : this.#followers.on(channel);
    for (const client of some) this.#part(client, 1001, reason);
  }

  /** The channel is no more: neither are the sockets that are about it. The others are told. */
  gone(channel: string, reason: string): void {
    const followers = [...this.#followers.on(channel)];
    this.#followers.stale(channel);
    for (const client of followers) {
      if (client.adapter.seat === "channel") this.#part(client, 1001, reason);
      else {
        this.#followers.unseat(client, channel);
        this.#hand(client, { type: "channel-gone", at: Date.now(), channel });
      }
    }
  }

  /** Tells the clients that a planned end is near, where their protocol has a word for it. */
  handOver(): void {
    for (const client of this.#clients.all()) {
      const { adapter, session } = client;
      if (adapter.handOver === undefined) continue;
      const what = adapter.handOver(session.snapshot());
      answerLater(
        this.#context,
        client,
        this.#host.handOver(adapter.protocol, what),
        (token, at) => {
          this.#hand(client, { type: "hand-over-planned", at, token });
        },
      );
    }
  }

  /** Gives a group to one client, as much of it as it can take. */
  #deliver(
    client: GatewayClient,
    channel: string,
    events: readonly NumberedEvent[],
    copies: Map<Pressure, readonly NumberedEvent[]>,
  ): void {
    if (client.isExpired(Date.now()) || !this.#mayStay(client, channel)) {
      return this.#expire(client);
    }
    // None of these protocols can say that something was left out.
    const pressure = measurePressure(client.socket.bufferedAmount);
    if (pressure === "close" || pressure === "shed") return this.#fallBehind(client);
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
    if (!this.#clients.has(client)) return;
    this.#performAll(client, client.handle(input));
  }

  #performAll(client: GatewayClient, effects: readonly GatewayEffect[]): void {
    if (!client.remember()) {
      return this.#part(client, 1009, "too much to be remembered");
    }
    this.#strangers.look(client);
    for (const effect of effects) performGatewayEffect(this.#context, client, effect);
  }

  #mayStay(client: GatewayClient, channel: string): boolean {
    return client.mayStay((principal, scope) => this.#host.may(channel, principal, scope));
  }

  #expire(client: GatewayClient): void {
    this.#part(client, client.adapter.closes.credential, "credential no longer holds");
  }

  #fallBehind(client: GatewayClient): void {
    this.#part(client, client.adapter.closes.slow, "reads too slowly");
  }

  #part(client: GatewayClient, code: number, reason: string): void {
    client.close(code, reason);
    this.forget(client.socket);
  }
}
