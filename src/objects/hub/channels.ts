import type { ChannelCalls } from "../../calls/channel.ts";
import type { Group } from "../../event/group.ts";
import { CloseCode } from "../../protocols/tributary/wire.ts";
import { reportRejected } from "../../report.ts";
import type { FeedRow } from "../../store/hub/feeds.ts";
import type { Revocations } from "../authority.ts";
import type { GatewaySockets } from "../gateways/clients.ts";
import type { ChannelNames } from "./channel-names.ts";
import { HubChannel, type ChannelHost } from "./channel.ts";
import { HubFeed, type FeedHost } from "./feed.ts";

/** A hub, as far as the channels that it follows need it. */
export interface ChannelsPort {
  readonly ctx: DurableObjectState;
  /** The hub's own name. */
  readonly name: string;
  readonly revoked: Revocations;
  readonly names: ChannelNames;
  readonly gateways: GatewaySockets;
  reach(channel: string): ChannelCalls;
  /** There are more or fewer sockets. */
  populationChanged(): void;
  /** There are more or fewer channels. */
  keepRenewal(): void;
}

/** The channels that a hub follows, each for as long as somebody here does. */
export class HubChannels implements FeedHost, ChannelHost {
  readonly #hub: ChannelsPort;
  readonly #channels = new Map<string, HubChannel>();

  constructor(hub: ChannelsPort) {
    this.#hub = hub;
  }

  get ctx(): DurableObjectState {
    return this.#hub.ctx;
  }

  get name(): string {
    return this.#hub.name;
  }

  get revoked(): Revocations {
    return this.#hub.revoked;
  }

  get size(): number {
    return this.#channels.size;
  }

  get ids(): readonly string[] {
    return [...this.#channels.keys()];
  }

  values(): Iterable<HubChannel> {
    return this.#channels.values();
  }

  find(id: string): HubChannel | undefined {
    return this.#channels.get(id);
  }

  /** Follows a channel. `row`: how far it was when the hub was last in memory; null if it was not. */
  open(id: string, row: FeedRow | null): HubChannel {
    const channel = new HubChannel(this, new HubFeed(this, id, row));
    this.#channels.set(id, channel);
    this.#hub.keepRenewal();
    return channel;
  }

  reach(channel: string): ChannelCalls {
    return this.#hub.reach(channel);
  }

  publish(id: string, group: Group): void {
    this.#channels.get(id)?.publish(group);
    this.#hub.gateways.publish(id, group.events);
  }

  onRights(id: string): void {
    this.#channels.get(id)?.known?.dismissStrangers();
    this.#hub.gateways.dismissStrangers(id);
  }

  /** The channel is no more: neither are the sockets that are about it. */
  onGone(feed: HubFeed): void {
    const id = feed.channel;
    const channel = this.#channels.get(id);
    if (channel?.feed !== feed) return;
    this.#forget(channel, true);
    channel.known?.dismissAll(CloseCode.noSuchChannel, "channel deleted");
    this.#hub.gateways.gone(id, "channel deleted");
  }

  settle(id: string): void {
    this.#hub.populationChanged();
    const channel = this.#channels.get(id);
    if (channel === undefined || channel.count > 0 || channel.feed.arriving > 0) return;
    if (!this.#hub.gateways.follows(id)) this.#forget(channel, false);
  }

  /** Renews all: one that cannot be renewed keeps none of the others from it. */
  async renew(): Promise<void> {
    const renewed = [...this.#channels.values()].map(({ feed }) => feed.renew());
    reportRejected("hub could not renew", await Promise.allSettled(renewed));
  }

  #forget(channel: HubChannel, isGone: boolean): void {
    const { feed } = channel;
    this.#channels.delete(feed.channel);
    feed.leave(isGone);
    this.#hub.names.forget(feed.channel);
    this.#hub.keepRenewal();
  }
}
