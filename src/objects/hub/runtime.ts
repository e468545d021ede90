import type { ChannelCalls } from "../../calls/channel.ts";
import type { HubPlace, LogBatch } from "../../calls/hub.ts";
import type { HubReport } from "../../calls/report.ts";
import { RENEW_MS } from "../../channel/batching.ts";
import type { Epoch } from "../../event/ids.ts";
import type { Principal } from "../../event/principal.ts";
import type { MasterKeys } from "../../lib/master-keys.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { listFeeds, type HeldGround } from "../../store/hub/feeds.ts";
import { migrateHub } from "../../store/hub/schema.ts";
import { Alarms } from "../alarms.ts";
import { Revocations, type Authority } from "../authority.ts";
import { answerClose, answerPings } from "../clients/client-socket.ts";
import { GatewaySockets } from "../gateways/clients.ts";
import { countSockets, type ChannelSeats } from "../gateways/socket-list.ts";
import { ChannelDirectory } from "./channel-directory.ts";
import { ChannelNames } from "./channel-names.ts";
import type { HubChannel } from "./channel.ts";
import { HubChannels, type ChannelsPort } from "./channels.ts";
import { makeGatewayHost } from "./gateway-host.ts";
import type { HubHost } from "./host.ts";
import { openSocket, type UpgradePort } from "./upgrade.ts";
import { HubUpkeep } from "./upkeep.ts";

/** A hub at work: its sockets, the channels they follow, and how these are joined. */
export class HubRuntime implements UpgradePort, ChannelsPort {
  readonly host: HubHost;
  readonly ctx: DurableObjectState;
  readonly name: string;
  readonly masterKeys: MasterKeys;
  readonly revoked: Revocations;
  readonly names: ChannelNames;
  readonly gateways: GatewaySockets;
  readonly #channels: HubChannels;
  readonly #directory: ChannelDirectory;
  readonly #alarms: Alarms;
  readonly #upkeep: HubUpkeep;

  /** Makes every part before one of them asks another: they do from `#begin` on. */
  constructor(host: HubHost) {
    const { ctx } = host;
    migrateHub(ctx.storage.sql);
    this.host = host;
    this.ctx = ctx;
    this.name = host.name;
    this.masterKeys = host.masterKeys;
    this.revoked = new Revocations(ctx.storage.sql);
    this.names = new ChannelNames(ctx.storage.sql);
    this.#directory = new ChannelDirectory((id) =>
      this.names.look(id, (each) => host.locate(each)),
    );
    this.gateways = new GatewaySockets(makeGatewayHost(this));
    this.#channels = new HubChannels(this);
    this.#alarms = new Alarms(ctx.storage);
    this.#upkeep = new HubUpkeep(this.#alarms, this.gateways, this.#channels);
    this.#begin();
  }

  /** Goes on where the hub was when it was last in memory. */
  #begin(): void {
    answerPings(this.ctx, true);
    for (const row of listFeeds(this.ctx.storage.sql)) this.#channels.open(row.channel, row);
    for (const socket of this.ctx.getWebSockets()) this.#restore(socket);
    for (const id of this.#channels.ids) this.settle(id);
    // Sockets that follow a channel without a feed on disk cannot be gone on with.
    for (const id of this.gateways.channels) {
      if (this.#channels.find(id) === undefined) this.gateways.dismissAll(id, "not known any more");
    }
  }

  /** An upgrade that the door has let through, and that is for a hub. */
  fetch(request: Request): Promise<Response> {
    return openSocket(this, request.headers);
  }

  /** Sees to it that it is woken for what is to be done, should its alarm have been lost. */
  async ensure(): Promise<void> {
    this.keepRenewal();
    await this.#alarms.settle();
  }

  report(): HubReport {
    return { sockets: this.count, channels: this.#channels.size };
  }

  async deliver(id: string, epoch: Epoch, batch: LogBatch): Promise<HubPlace | null> {
    this.#alarms.heed(Date.now());
    const channel = this.#channels.find(id);
    const at = (await channel?.feed.deliver(epoch, batch)) ?? null;
    if (channel === undefined || at === null) return null;
    return { at, ...channel.takeGiven(countSockets(this.seats(id))) };
  }

  gone(id: string, epoch: Epoch): void {
    const channel = this.#channels.find(id);
    if (channel?.feed.epoch === epoch) this.#channels.onGone(channel.feed);
  }

  /** Takes over that the rights to read a channel have changed. */
  changed(id: string, ground: HeldGround): void {
    this.#channels.find(id)?.feed.learn(ground);
  }

  /** The sockets of a channel that are here. */
  seats(channel: string): ChannelSeats {
    const { known: native = null, feed } = this.#channels.find(channel) ?? {};
    return { channel, head: feed?.at ?? 0, native, gateways: this.gateways };
  }

  dismiss(credentialId: string): void {
    // A socket that was let in before the credential was revoked may still be on its way in.
    this.revoked.add(credentialId);
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
    this.keepRenewal();
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
    if (due.includes("renewal")) await this.#channels.renew();
  }

  /** All sockets that are here. */
  get count(): number {
    const channels = [...this.#channels.values()];
    return channels.reduce((sum, { count }) => sum + count, this.gateways.count);
  }

  /** All sockets of a channel that are here. */
  countOn(id: string): number {
    return (this.#channels.find(id)?.count ?? 0) + this.gateways.countOn(id);
  }

  #restore(socket: WebSocket): void {
    const attachment: unknown = socket.deserializeAttachment();
    if (this.gateways.restore(socket, attachment)) return;
    const [id = ""] = this.ctx.getTags(socket);
    if (this.#channels.find(id)?.clients.restore(socket, attachment) === true) return;
    answerClose(socket, CloseCode.goingAway, "not known any more");
  }

  /** A channel's share of the hub, made when it is first asked for. */
  channel(id: string): HubChannel {
    return this.#channels.find(id) ?? this.#channels.open(id, null);
  }

  reach(channel: string): ChannelCalls {
    return this.host.channel(this.names.find(channel));
  }

  authenticate(credential: string | null): Promise<Principal | null> {
    return this.host.authenticate(credential);
  }

  findAuthority(channel: string): Authority | null {
    return this.#channels.find(channel)?.authority ?? null;
  }

  /** Is it a channel's name? One that is followed here is: its feed hears when it is deleted. */
  async isChannel(name: string, party: string): Promise<boolean> {
    return this.#channels.find(name) !== undefined || this.#directory.has(name, party);
  }

  settle(channel: string): void {
    this.#channels.settle(channel);
  }

  populationChanged(): void {
    this.#upkeep.keep();
  }

  keepRenewal(): void {
    const now = Date.now();
    this.#alarms.heed(now);
    if (this.#channels.size === 0) this.#alarms.clear("renewal");
    else if (this.#alarms.dueAt("renewal") === null) this.#alarms.set("renewal", now + RENEW_MS);
  }

  /** Closes sockets that were opened while the credential they go by was being revoked. */
  dismissRevoked(): void {
    for (const id of this.revoked.ids) {
      for (const { known } of this.#channels.values()) known?.dismiss(id);
      this.gateways.dismiss(id);
    }
  }
}
