import type { ChannelCalls } from "../../calls/channel.ts";
import type { HubPopulation, LogBatch } from "../../calls/hub.ts";
import {
  CHANNEL_HEADER,
  GATEWAY_HEADER,
  NO_OTHER_HEADER,
  SOCKET_REQUEST_HEADER,
  type SocketRequest,
} from "../../calls/socket.ts";
import { RENEW_MS } from "../../channel/batching.ts";
import { refuse } from "../../event/answer.ts";
import type { Group } from "../../event/group.ts";
import type { Epoch } from "../../event/ids.ts";
import type { Principal } from "../../event/principal.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { listFeeds, type FeedRow, type HeldGround } from "../../store/hub/feeds.ts";
import { migrateHub } from "../../store/hub/schema.ts";
import { Alarms } from "../alarms.ts";
import { Revocations } from "../authority.ts";
import { crowded, crowdOfStrangers, full } from "../clients/capacity.ts";
import { answerClose } from "../clients/client-socket.ts";
import { answerPings } from "../clients/client-socket.ts";
import { makeClientSpec, startOf } from "../clients/upgrade-request.ts";
import { GatewaySockets } from "../gateways/clients.ts";
import { sendHeartbeats, keepBeat, keepGreeting } from "../gateways/heartbeats.ts";
import { parseGatewayRequest, openGateway } from "../gateways/upgrade.ts";
import { ChannelDirectory } from "./channel-directory.ts";
import { HubChannel } from "./channel.ts";
import { HubFeed } from "./feed.ts";
import { pickFacts, makeGatewayHost } from "./gateway-host.ts";
import { openHandOver } from "./reconnect-token.ts";

/** What a hub needs that is not its own. */
export interface HubHost {
  readonly ctx: DurableObjectState;
  readonly masterKey: string;
  channel(id: string): ChannelCalls;
  /** Is there a channel of this name, where all of them are listed? */
  isListed(id: string): Promise<boolean>;
  /** Are these as many sockets of one channel as an object is to hold? */
  isCrowd(sockets: number): boolean;
  /** Are these as many sockets as a hub is to hold? */
  isFull(sockets: number): boolean;
  /** Whom a credential speaks for; null if it does not hold. */
  authenticate(credential: string | null): Promise<Principal | null>;
}

/** A hub at work: its sockets, the channels they follow, and how these are joined. */
export class HubRuntime {
  readonly #host: HubHost;
  readonly #alarms: Alarms;
  readonly #revocations: Revocations;
  readonly #channels = new Map<string, HubChannel>();
  readonly #gateways: GatewaySockets;

  constructor(host: HubHost) {
    this.#host = host;
    const { ctx, masterKey } = host;
    migrateHub(ctx.storage.sql);
    this.#alarms = new Alarms(ctx.storage);
    const directory = new ChannelDirectory((id) => host.isListed(id));
    this.#revocations = new Revocations(ctx.storage.sql);
    this.#gateways = new GatewaySockets(
      makeGatewayHost({
        ctx,
        masterKey,
        authenticate: (credential) => host.authenticate(credential),
        revoked: this.#revocations,
        authority: (id) => this.#channels.get(id)?.authority ?? null,
        channel: (id) => host.channel(id),
        // What is followed here is one: its feed hears when it is no more.
        isChannel: async (id, party) => this.#channels.has(id) || directory.has(id, party),
        feed: (id) => this.#channel(id).feed,
        abandoned: (id) => this.#settle(id),
        populationChanged: () => this.#keepAlarms(),
      }),
    );
    answerPings(ctx);
    for (const row of listFeeds(ctx.storage.sql)) this.#open(row.channel, row);
    for (const socket of ctx.getWebSockets()) this.#restore(socket);
    for (const id of this.#channels.keys()) this.#settle(id);
    // What is not written down cannot be gone on with.
    for (const id of this.#gateways.channels) {
      if (!this.#channels.has(id)) this.#gateways.dismissAll(id, "not known any more");
    }
  }

  /** An upgrade that the door has let through, and that is for a hub. */
  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get(CHANNEL_HEADER);
    const gateway = request.headers.get(GATEWAY_HEADER);
    const isFull = this.#host.isFull(this.#count);
    if (id === null) return isFull ? full() : this.#openFree(gateway ?? "null");
    const hasToTake = request.headers.has(NO_OTHER_HEADER);
    if (isFull) return hasToTake ? full() : crowded(null);
    if (!hasToTake && this.#host.isCrowd(this.#countOn(id))) return crowded(null);
    const channel = this.#channel(id);
    channel.feed.arriving += 1;
    try {
      const response = await (gateway === null
        ? this.#openNative(channel, request.headers.get(SOCKET_REQUEST_HEADER) ?? "null")
        : this.#openGateway(channel, gateway));
      this.#dismissRevoked();
      return response ?? Response.json(NO_CHANNEL, { status: 404 });
    } finally {
      channel.feed.arriving -= 1;
      this.#settle(id);
    }
  }

  /** Sees to it that it is woken for what is to be done, should its alarm have been lost. */
  async ensure(): Promise<void> {
    this.#keepRenewal();
    await this.#alarms.settle();
  }

  deliver(id: string, epoch: Epoch, batch: LogBatch): boolean {
    return this.#channels.get(id)?.feed.deliver(epoch, batch) ?? false;
  }

  gone(id: string, epoch: Epoch): void {
    const channel = this.#channels.get(id);
    if (channel?.feed.epoch === epoch) this.#drop(channel);
  }

  /** Who may read the channel has changed. */
  changed(id: string, ground: HeldGround): void {
    this.#channels.get(id)?.feed.learn(ground);
  }

  population(id: string): HubPopulation {
    const clients = this.#channels.get(id)?.known ?? null;
    return {
      byProtocol: { ...this.#gateways.byProtocol(id), ...clients?.byDialect },
      delivered: this.#gateways.deliveredOn(id) + (clients?.delivered ?? 0),
      shed: clients?.shed ?? 0,
    };
  }

  dismiss(credentialId: string): void {
    // What was let in before the credential was revoked may still be on its way in.
    this.#revocations.add(credentialId);
    this.#dismissRevoked();
  }

  handOver(spreadMs: number, random: () => number): void {
    for (const { known } of this.#channels.values()) known?.handOver(spreadMs, random);
    this.#gateways.handOver();
  }

  onMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    this.#keepRenewal();
    for (const { known } of this.#channels.values()) {
      if (known?.onMessage(socket, frame) === true) return;
    }
    this.#gateways.onMessage(socket, frame);
  }

  onClose(socket: WebSocket, code: number, reason: string): void {
    this.onError(socket);
    answerClose(socket, code, reason);
  }

  onError(socket: WebSocket): void {
    for (const { known } of this.#channels.values()) known?.forget(socket);
    this.#gateways.forget(socket);
    // An object that wakes because of it does not find it among its sockets any more.
    this.#keepAlarms();
  }

  /** The physical alarm. */
  async onAlarm(): Promise<void> {
    const now = Date.now();
    const due = this.#alarms.wake(now, now + RENEW_MS);
    if (due.includes("greeting")) {
      this.#gateways.dismissSilent(now);
      keepGreeting(this.#alarms, this.#gateways);
    }
    if (due.includes("beat")) sendHeartbeats(this.#alarms, this.#gateways, now);
    if (due.includes("renewal")) {
      await Promise.allSettled([...this.#channels.values()].map(({ feed }) => feed.renew()));
    }
    this.#keepRenewal();
  }

  async #openNative(channel: HubChannel, header: string): Promise<Response | null> {
    const wish = JSON.parse(decodeURIComponent(header)) as SocketRequest;
    if (wish.principal === null) throw new Error("nobody's socket");
    const now = await channel.glance();
    if (now === null) return null;
    const denial = channel.authority.denial(wish.principal, "events:read");
    if (denial !== null) return Response.json(denial, { status: 403 });
    const spec = makeClientSpec(wish, wish.principal);
    const webSocket = channel.clients.accept(spec, startOf(wish), now);
    return new Response(null, { status: 101, webSocket });
  }

  async #openGateway(channel: HubChannel, header: string): Promise<Response | null> {
    const stop = channel.feed.record();
    try {
      const now = await channel.look();
      if (now === null) return null;
      const wish = parseGatewayRequest(header);
      if (wish.principal === null) throw new Error("nobody's socket");
      const denial = channel.authority.denial(wish.principal, wish.needs);
      if (denial !== null) return Response.json(denial, { status: 403 });
      return openGateway(this.#gateways, wish, { channel: pickFacts(now), missed: stop() });
    } finally {
      stop();
    }
  }

  /** A socket that names its channels in frames. */
  async #openFree(header: string): Promise<Response> {
    const wish = parseGatewayRequest(header);
    const { protocol, bring } = wish;
    const brought =
      bring === null
        ? undefined
        : await openHandOver(this.#host.masterKey, protocol, bring, Date.now());
    const isWelcome = brought != null || !this.#gateways.isCrowdedBy(wish.from);
    if (!isWelcome) return crowdOfStrangers();
    const start = { channel: null, ...(brought !== undefined && { brought }) };
    const response = openGateway(this.#gateways, wish, start);
    // Whom it was brought for may not be let in any more.
    this.#dismissRevoked();
    return response;
  }

  /** All sockets that are here. */
  get #count(): number {
    let count = this.#gateways.count;
    for (const channel of this.#channels.values()) count += channel.count;
    return count;
  }

  #countOn(id: string): number {
    return (this.#channels.get(id)?.count ?? 0) + this.#gateways.countOn(id);
  }

  #restore(socket: WebSocket): void {
    const attachment: unknown = socket.deserializeAttachment();
    if (this.#gateways.restore(socket, attachment)) return;
    const [id = ""] = this.#host.ctx.getTags(socket);
    if (this.#channels.get(id)?.clients.restore(socket, attachment) === true) return;
    answerClose(socket, CloseCode.goingAway, "not known any more");
  }

  #channel(id: string): HubChannel {
    return this.#channels.get(id) ?? this.#open(id, null);
  }

  #open(id: string, row: FeedRow | null): HubChannel {
    const { ctx } = this.#host;
    const calls = (each: string): ChannelCalls => this.#host.channel(each);
    const feed = new HubFeed(
      {
        ctx,
        hub: ctx.id.name ?? "",
        channel: calls,
        publish: (each, group) => this.#publish(each, group),
        changed: () => {
          channel.known?.dismissStrangers();
          this.#gateways.dismissStrangers(id);
        },
        gone: () => this.#drop(channel),
      },
      id,
      row,
    );
    const populationChanged = (): void => this.#settle(id);
    const channel = new HubChannel(
      { ctx, revoked: this.#revocations, channel: calls, populationChanged },
      feed,
    );
    this.#channels.set(id, channel);
    this.#keepRenewal();
    return channel;
  }

  #publish(id: string, group: Group): void {
    this.#channels.get(id)?.publish(group);
    this.#gateways.publish(id, group.events);
  }

  /** Lets go of a channel that nobody here follows. */
  #settle(id: string): void {
    const channel = this.#channels.get(id);
    if (channel === undefined || channel.count > 0 || channel.feed.arriving > 0) return;
    if (this.#gateways.follows(id)) return;
    this.#channels.delete(id);
    channel.feed.leave(false);
    this.#keepRenewal();
  }

  /** The channel is no more: neither are the sockets that are about it. */
  #drop(channel: HubChannel): void {
    const id = channel.feed.channel;
    if (this.#channels.get(id) !== channel) return;
    this.#channels.delete(id);
    channel.feed.leave(true);
    channel.known?.dismissAll(CloseCode.noSuchChannel, "channel deleted");
    this.#gateways.gone(id, "channel deleted");
    this.#keepRenewal();
  }

  #keepAlarms(): void {
    keepBeat(this.#alarms, this.#gateways, Date.now());
    keepGreeting(this.#alarms, this.#gateways);
  }

  #keepRenewal(): void {
    const isWanted = this.#channels.size > 0;
    if (!isWanted) this.#alarms.clear("renewal");
    else if (this.#alarms.dueAt("renewal") === null) {
      this.#alarms.set("renewal", Date.now() + RENEW_MS);
    }
  }

  #dismissRevoked(): void {
    for (const id of this.#revocations.ids) {
      for (const { known } of this.#channels.values()) known?.dismiss(id);
      this.#gateways.dismiss(id);
    }
  }
}

const NO_CHANNEL = refuse("channel_not_found", "No such channel.");
