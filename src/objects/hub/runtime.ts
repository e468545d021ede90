import type { ChannelCalls } from "../../calls/channel.ts";
import type { HubPlace, LogBatch } from "../../calls/hub.ts";
import type { HubReport } from "../../calls/report.ts";
import { RENEW_MS } from "../../channel/batching.ts";
import type { Epoch } from "../../event/ids.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { listFeeds, type FeedRow, type HeldGround } from "../../store/hub/feeds.ts";
import { migrateHub } from "../../store/hub/schema.ts";
import { Alarms } from "../alarms.ts";
import { Revocations } from "../authority.ts";
import { answerClose, answerPings } from "../clients/client-socket.ts";
import { GatewaySockets } from "../gateways/clients.ts";
import { countSockets, type ChannelSeats } from "../gateways/socket-list.ts";
import { ChannelDirectory } from "./channel-directory.ts";
import { ChannelNames } from "./channel-names.ts";
import { HubChannel } from "./channel.ts";
import { HubFeed, renewFeeds } from "./feed.ts";
import { makeGatewayHost } from "./gateway-host.ts";
import type { HubHost } from "./host.ts";
import { openSocket, type UpgradePort } from "./upgrade.ts";
import { HubUpkeep } from "./upkeep.ts";

/** A hub at work: its sockets, the channels they follow, and how these are joined. */
export class HubRuntime implements UpgradePort {
  readonly host: HubHost;
  readonly #alarms: Alarms;
  readonly #revocations: Revocations;
  readonly #channels = new Map<string, HubChannel>();
  readonly gateways: GatewaySockets;
  readonly names: ChannelNames;
  readonly #calls = (id: string): ChannelCalls => this.host.channel(this.names.find(id));
  readonly #upkeep: HubUpkeep;

  constructor(host: HubHost) {
    this.host = host;
    const { ctx, masterKeys } = host;
    migrateHub(ctx.storage.sql);
    this.#alarms = new Alarms(ctx.storage);
    this.names = new ChannelNames(ctx.storage.sql);
    const directory = new ChannelDirectory((id) =>
      this.names.look(id, (each) => host.locate(each)),
    );
    this.#revocations = new Revocations(ctx.storage.sql);
    this.gateways = new GatewaySockets(
      makeGatewayHost({
        ctx,
        masterKeys,
        authenticate: (credential) => host.authenticate(credential),
        revoked: this.#revocations,
        authority: (id) => this.#channels.get(id)?.authority ?? null,
        channel: this.#calls,
        // A channel that is followed here is one: its feed hears when it is deleted.
        isChannel: async (id, party) => this.#channels.has(id) || directory.has(id, party),
        feed: (id) => this.channel(id).feed,
        abandoned: (id) => this.settle(id),
        populationChanged: () => this.#upkeep.keep(),
      }),
    );
    this.#upkeep = new HubUpkeep(this.#alarms, this.gateways, this.#channels);
    answerPings(ctx, true);
    for (const row of listFeeds(ctx.storage.sql)) this.#open(row.channel, row);
    for (const socket of ctx.getWebSockets()) this.#restore(socket);
    for (const id of this.#channels.keys()) this.settle(id);
    // Sockets that follow a channel without a feed on disk cannot be gone on with.
    for (const id of this.gateways.channels) {
      if (!this.#channels.has(id)) this.gateways.dismissAll(id, "not known any more");
    }
  }

  /** An upgrade that the door has let through, and that is for a hub. */
  fetch(request: Request): Promise<Response> {
    return openSocket(this, request.headers);
  }

  /** Sees to it that it is woken for what is to be done, should its alarm have been lost. */
  async ensure(): Promise<void> {
    this.#keepRenewal();
    await this.#alarms.settle();
  }

  report(): HubReport {
    return { sockets: this.count, channels: this.#channels.size };
  }

  async deliver(id: string, epoch: Epoch, batch: LogBatch): Promise<HubPlace | null> {
    this.#alarms.heed(Date.now());
    const channel = this.#channels.get(id);
    const at = (await channel?.feed.deliver(epoch, batch)) ?? null;
    if (channel === undefined || at === null) return null;
    return { at, ...channel.takeGiven(countSockets(this.seats(id))) };
  }

  gone(id: string, epoch: Epoch): void {
    const channel = this.#channels.get(id);
    if (channel?.feed.epoch === epoch) this.#drop(channel);
  }

  /** Takes over that the rights to read a channel have changed. */
  changed(id: string, ground: HeldGround): void {
    this.#channels.get(id)?.feed.learn(ground);
  }

  /** The sockets of a channel that are here. */
  seats(channel: string): ChannelSeats {
    const { known: native = null, feed } = this.#channels.get(channel) ?? {};
    return { channel, head: feed?.at ?? 0, native, gateways: this.gateways };
  }

  dismiss(credentialId: string): void {
    // A socket that was let in before the credential was revoked may still be on its way in.
    this.#revocations.add(credentialId);
    this.dismissRevoked();
  }

  /** Asks gateways' clients to come back, and native ones within the given time; null: not those. */
  handOver(spreadMs: number | null, random: () => number): void {
    for (const { known } of this.#channels.values()) {
      if (spreadMs !== null) known?.handOver(spreadMs, random);
    }
    this.gateways.handOver();
  }

  onMessage(socket: WebSocket, frame: string | ArrayBuffer): void {
    this.#keepRenewal();
    for (const { known } of this.#channels.values()) {
      if (known?.onMessage(socket, frame) === true) return;
    }
    this.gateways.onMessage(socket, frame);
  }

  onClose(socket: WebSocket, code: number, reason: string): void {
    this.onError(socket);
    answerClose(socket, code, reason);
  }

  onError(socket: WebSocket): void {
    for (const { known } of this.#channels.values()) known?.forget(socket);
    this.gateways.forget(socket);
    // An object that wakes because of it does not find it among its sockets any more.
    this.#upkeep.keep();
  }

  /** The physical alarm. */
  async onAlarm(): Promise<void> {
    const now = Date.now();
    const due = this.#alarms.wake(now, now + RENEW_MS);
    this.#upkeep.onAlarm(due, now);
    if (due.includes("renewal")) await renewFeeds(this.#channels.values());
    this.#keepRenewal();
  }

  /** All sockets that are here. */
  get count(): number {
    const channels = [...this.#channels.values()];
    return channels.reduce((sum, { count }) => sum + count, this.gateways.count);
  }

  /** All sockets of a channel that are here. */
  countOn(id: string): number {
    return (this.#channels.get(id)?.count ?? 0) + this.gateways.countOn(id);
  }

  #restore(socket: WebSocket): void {
    const attachment: unknown = socket.deserializeAttachment();
    if (this.gateways.restore(socket, attachment)) return;
    const [id = ""] = this.host.ctx.getTags(socket);
    if (this.#channels.get(id)?.clients.restore(socket, attachment) === true) return;
    answerClose(socket, CloseCode.goingAway, "not known any more");
  }

  /** A channel's share of the hub, made when it is first asked for. */
  channel(id: string): HubChannel {
    return this.#channels.get(id) ?? this.#open(id, null);
  }

  #open(id: string, row: FeedRow | null): HubChannel {
    const { ctx } = this.host;
    const feed = new HubFeed(
      {
        ctx,
        hub: this.host.name,
        channel: this.#calls,
        publish: (each, group) => {
          this.#channels.get(each)?.publish(group);
          this.gateways.publish(each, group.events);
        },
        changed: () => {
          channel.known?.dismissStrangers();
          this.gateways.dismissStrangers(id);
        },
        gone: () => this.#drop(channel),
      },
      id,
      row,
    );
    const populationChanged = (): void => this.settle(id);
    const channel = new HubChannel(
      { ctx, revoked: this.#revocations, channel: this.#calls, populationChanged },
      feed,
    );
    this.#channels.set(id, channel);
    this.#keepRenewal();
    return channel;
  }

  /** Lets go of a channel that nobody here follows. */
  settle(id: string): void {
    this.#upkeep.keep();
    const channel = this.#channels.get(id);
    if (channel === undefined || channel.count > 0 || channel.feed.arriving > 0) return;
    if (this.gateways.follows(id)) return;
    this.#channels.delete(id);
    channel.feed.leave(false);
    this.names.forget(id);
    this.#keepRenewal();
  }

  /** The channel is no more: neither are the sockets that are about it. */
  #drop(channel: HubChannel): void {
    const id = channel.feed.channel;
    if (this.#channels.get(id) !== channel) return;
    this.#channels.delete(id);
    channel.feed.leave(true);
    this.names.forget(id);
    channel.known?.dismissAll(CloseCode.noSuchChannel, "channel deleted");
    this.gateways.gone(id, "channel deleted");
    this.#keepRenewal();
  }

  #keepRenewal(): void {
    const now = Date.now();
    this.#alarms.heed(now);
    if (this.#channels.size === 0) this.#alarms.clear("renewal");
    else if (this.#alarms.dueAt("renewal") === null) this.#alarms.set("renewal", now + RENEW_MS);
  }

  /** Closes sockets that were opened while the credential they go by was being revoked. */
  dismissRevoked(): void {
    for (const id of this.#revocations.ids) {
      for (const { known } of this.#channels.values()) known?.dismiss(id);
      this.gateways.dismiss(id);
    }
  }
}
