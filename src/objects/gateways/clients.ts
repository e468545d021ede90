import type { NumberedEvent } from "../../event/group.ts";
import type { ProtocolId } from "../../event/ids.ts";
import type { Scope } from "../../event/principal.ts";
import type { Json } from "../../lib/json.ts";
import type { GatewayEffect, GatewayInput, Opening } from "../../protocols/gateway-session.ts";
import type { GatewayAdapter } from "../../protocols/gateway.ts";
import { answerPings } from "../clients/client-socket.ts";
import { findUnsent, type UnsentBytes } from "../clients/unsent.ts";
import { GatewayClient } from "./client.ts";
import { Deliveries } from "./deliveries.ts";
import { performGatewayEffect, planHandOver, type GatewayEffectContext } from "./effects.ts";
import { readText, turnAway } from "./frames.ts";
import type { GatewayHost } from "./host.ts";
import { GatewayRegistry } from "./registry.ts";

// The platform lets 32 MiB through, which are read and copied; no protocol here takes more than this.
const FRAME_MAX_CHARS = 1024 * 1024;

function isTooLong(frame: string | ArrayBuffer): boolean {
  return (typeof frame === "string" ? frame.length : frame.byteLength) > FRAME_MAX_CHARS;
}

/** Serves the clients that speak one of the protocols that are served, in a channel's object or in a hub. */
export class GatewaySockets extends GatewayRegistry {
  readonly #host: GatewayHost;
  readonly #context: GatewayEffectContext;
  readonly #deliveries: Deliveries;
  readonly #unsent: UnsentBytes;

  constructor(host: GatewayHost) {
    super(
      (channel) => this.#abandon(channel),
      () => this.#host.populationChanged(),
    );
    this.#host = host;
    this.#unsent = findUnsent(host.ctx);
    this.#deliveries = new Deliveries(
      {
        unsent: this.#unsent,
        hand: (client, input) => this.#hand(client, input),
        keeps: (client, channel) => this.#keeps(client, channel),
        fallBehind: (client) => this.#fallBehind(client),
      },
      this.followers,
    );
    this.#context = {
      host,
      followers: this.followers,
      isHere: (client) => this.clients.has(client),
      hand: (client, input) => this.#hand(client, input),
      deliver: (client, channel, events) => this.#deliveries.give(client, channel, events),
      tell: (protocol, channel, note) => this.tell(protocol, channel, note),
      forget: (socket) => this.forget(socket),
      part: (client, code, reason) => this.#part(client, code, reason),
    };
  }

  /** Events of a channel that were handed to sessions. */
  deliveredOn(channel: string): number {
    return this.#deliveries.countOn(channel);
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
    const name = crypto.randomUUID();
    const at = Date.now();
    const { session, effects } = adapter.open({ ...about, at, session: name });
    if (turnAway(ours, effects)) return theirs;
    this.#host.ctx.acceptWebSocket(ours);
    const client = GatewayClient.arrive(ours, adapter, { name, needs, from, at }, session);
    this.#admit(client);
    const { channel } = about;
    if (channel !== null) this.followers.seat(client, channel.id, channel.head);
    this.#host.populationChanged();
    this.#performAll(client, effects);
    if (channel !== null) this.#deliveries.give(client, channel.id, missed);
    return theirs;
  }

  /** Takes on a socket that was there before its object slept; false if it is none of these. */
  restore(socket: WebSocket, attachment: unknown): boolean {
    const client = GatewayClient.restore(socket, attachment);
    if (client === null) return false;
    this.#admit(client);
    this.followers.restore(client);
    return true;
  }

  publish(channel: string, events: readonly NumberedEvent[]): void {
    this.#deliveries.publish(channel, events);
  }

  /** Tells all sessions of a protocol that follow the channel here. */
  tell(protocol: ProtocolId, channel: string, note: Json): void {
    for (const peer of this.followers.on(channel)) {
      if (peer.adapter.protocol !== protocol) continue;
      this.#hand(peer, { type: "peer-told", at: Date.now(), channel, note });
    }
  }

  onMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    const client = this.clients.of(socket);
    if (client === undefined) return;
    const text = readText(frame, client.adapter);
    const at = Date.now();
    const { follows } = client;
    const mayStay = Object.keys(follows).every((channel) => this.#mayStay(client, channel));
    if (client.isExpired(at) || !mayStay) return this.expire(client);
    if (!client.takesFrame(at)) return this.#part(client, 1008, "too many frames");
    if (isTooLong(frame)) return this.#part(client, 1009, "message too big");
    // Answers are kept until they are read: a client that asks on and on without reading is let go.
    if (this.#unsent.pressureOn(client.socket) === "close") return this.#fallBehind(client);
    this.#hand(client, { type: "frame-received", at, frame: text });
  }

  /** All sockets are told that they live, where their protocol does that. */
  sendHeartbeats(): void {
    const at = Date.now();
    for (const client of this.clients.all()) {
      if (client.isExpired(at)) this.expire(client);
      else if (client.adapter.heartbeatMs !== null) this.#hand(client, { type: "heartbeat", at });
    }
  }

  forget(socket: WebSocket): void {
    const client = this.clients.of(socket);
    if (client === undefined) return;
    this.remove(client);
    this.#unsent.forget(socket);
    if (this.count === 0) answerPings(this.#host.ctx, true);
    this.#host.left?.(client.name);
    this.#host.populationChanged();
  }

  dismiss(credentialId: string): void {
    for (const client of this.clients.all()) {
      if (client.goesBy(credentialId)) this.expire(client);
    }
  }

  /** Closes the sockets that follow a channel and may not any more, as it is now. */
  dismissStrangers(channel: string): void {
    for (const client of this.followers.on(channel)) {
      if (!this.#mayStay(client, channel)) this.expire(client);
    }
  }

  /** Closes the sockets that follow a channel, or (null) all. */
  dismissAll(channel: string | null, reason: string): void {
    const some = channel === null ? this.clients.all() : this.followers.on(channel);
    for (const client of some) this.#part(client, 1001, reason);
  }

  /** The channel is no more: neither are the sockets that are about it. The others are told. */
  gone(channel: string, reason: string): void {
    const followers = [...this.followers.on(channel)];
    this.followers.stale(channel);
    for (const client of followers) {
      if (client.adapter.seat === "channel") this.#part(client, 1001, reason);
      else {
        this.followers.unseat(client, channel);
        this.#hand(client, { type: "channel-gone", at: Date.now(), channel });
      }
    }
  }

  /** Tells the clients that a planned end is near, where their protocol has a word for it. */
  handOver(): void {
    for (const client of this.clients.all()) {
      const { adapter, session } = client;
      if (adapter.handOver === undefined) continue;
      planHandOver(this.#context, client, adapter.handOver(session.snapshot()));
    }
  }

  /** The first that comes has pings left to the sessions: in its protocol they mean nothing. */
  #admit(client: GatewayClient): void {
    if (this.count === 0) answerPings(this.#host.ctx, false);
    this.add(client);
  }

  #abandon(channel: string): void {
    this.#deliveries.drop(channel);
    this.#host.abandoned(channel);
  }

  #hand(client: GatewayClient, input: GatewayInput): void {
    if (!this.clients.has(client)) return;
    this.#performAll(client, client.handle(input));
  }

  #performAll(client: GatewayClient, effects: readonly GatewayEffect[]): void {
    if (!client.remember()) {
      return this.#part(client, 1009, "too much to be remembered");
    }
    this.look(client);
    for (const effect of effects) performGatewayEffect(this.#context, client, effect);
  }

  /** Lets go of a client that has expired, or may not follow a channel any more. */
  #keeps(client: GatewayClient, channel: string): boolean {
    if (!client.isExpired(Date.now()) && this.#mayStay(client, channel)) return true;
    this.expire(client);
    return false;
  }

  #mayStay(client: GatewayClient, channel: string): boolean {
    return client.mayStay((principal, scope) => this.#host.may(channel, principal, scope));
  }

  protected override expire(client: GatewayClient, why = "credential no longer holds"): void {
    this.#part(client, client.adapter.closes.credential, why);
  }

  #fallBehind(client: GatewayClient): void {
    this.#part(client, client.adapter.closes.slow, "reads too slowly");
  }

  #part(client: GatewayClient, code: number, reason: string): void {
    client.close(code, reason);
    this.forget(client.socket);
  }
}
