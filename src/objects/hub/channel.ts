import type { ChannelCalls, ChannelNow } from "../../calls/channel.ts";
import type { Group } from "../../event/group.ts";
import { ClientSockets } from "../clients/clients.ts";
import type { HubFeed } from "./feed.ts";
import { HubReader } from "./log-reader.ts";

interface ChannelHost {
  readonly ctx: DurableObjectState;
  channel(id: string): ChannelCalls;
  populationChanged(channel: string): void;
}

/** A channel's share of a hub: its feed, and its clients that speak our own protocol. */
export class HubChannel {
  readonly feed: HubFeed;
  readonly #host: ChannelHost;
  #clients: ClientSockets | null = null;
  #looking: Promise<ChannelNow | null> | null = null;

  constructor(host: ChannelHost, feed: HubFeed) {
    this.#host = host;
    this.feed = feed;
  }

  /** The clients, once the channel is followed; their host is the channel's own object. */
  get clients(): ClientSockets {
    const { channel: id, epoch } = this.feed;
    if (epoch === null) throw new Error("the channel is not followed yet");
    const channel = (): ChannelCalls => this.#host.channel(id);
    this.#clients ??= new ClientSockets({
      ctx: this.#host.ctx,
      channel: { id, epoch },
      reader: new HubReader(this.feed, channel),
      head: () => this.feed.at,
      // What a call to another object returns is no promise of the language's own.
      status: async (isDetailed) => channel().status(isDetailed),
      send: async (ask) => channel().send(ask),
      populationChanged: () => this.#host.populationChanged(id),
    });
    return this.#clients;
  }

  get count(): number {
    return this.#clients?.count ?? 0;
  }

  publish(group: Group): void {
    this.#clients?.publish(group);
  }

  /** The clients that there are; null for none so far. */
  get known(): ClientSockets | null {
    return this.#clients;
  }

  /** The channel as it is now; null if it is gone. */
  async look(): Promise<ChannelNow | null> {
    const joined = await this.feed.join();
    if (!joined.ok) return null;
    const answer = await this.#host.channel(this.feed.channel).look();
    return answer.ok && answer.value.epoch === this.feed.epoch ? answer.value : null;
  }

  /** The same, in one question for all who ask at the same time. */
  glance(): Promise<ChannelNow | null> {
    this.#looking ??= this.look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }
}
