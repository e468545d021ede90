import type { ChannelCalls, ChannelNow } from "../../calls/channel.ts";
import type { HubGiven } from "../../calls/hub.ts";
import { within } from "../../deadline.ts";
import type { Answer } from "../../event/answer.ts";
import type { Group } from "../../event/group.ts";
import { Authority, type RevocationsSeen } from "../authority.ts";
import { ClientSockets } from "../clients/clients.ts";
import type { HubFeed } from "./feed.ts";
import { nameSend } from "./gateway-host.ts";
import { HubReader } from "./log-reader.ts";

// Everybody who comes waits for this.
const LOOK_MS = 10_000;

/** A hub, as far as one of its channels needs it. */
export interface ChannelHost {
  readonly ctx: DurableObjectState;
  readonly revoked: RevocationsSeen;
  reach(channel: string): ChannelCalls;
  /** Lets go of a channel that nobody here follows. */
  settle(channel: string): void;
}

/** A channel's share of a hub: its feed, and its clients that speak our own protocol. */
export class HubChannel {
  readonly feed: HubFeed;
  /** The authority over the channel, as far as it is known here. */
  readonly authority: Authority;
  readonly #host: ChannelHost;
  #clients: ClientSockets | null = null;
  #looking: Promise<ChannelNow | null> | null = null;
  /** The counts of its sockets when the channel was last told of it. */
  #told: HubGiven = { delivered: 0, shed: 0 };

  constructor(host: ChannelHost, feed: HubFeed) {
    this.#host = host;
    this.feed = feed;
    this.authority = new Authority(host.revoked, () => feed.ground);
  }

  /** The clients, once the channel is followed; their host is the channel's own object. */
  get clients(): ClientSockets {
    const { channel: id, epoch } = this.feed;
    if (epoch === null) throw new Error("the channel is not followed yet");
    const channel = (): ChannelCalls => this.#host.reach(id);
    this.#clients ??= new ClientSockets({
      ctx: this.#host.ctx,
      channel: { id, epoch },
      reader: new HubReader(this.feed, channel),
      head: () => this.feed.at,
      // What a call to another object returns is no promise of the language's own.
      authority: this.authority,
      status: async (principal) => channel().status(principal),
      send: async (principal, ask) => channel().send(principal, nameSend(ask)),
      populationChanged: () => this.#host.settle(id),
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

  /** Counts what its sockets were given since this was last asked; `all`: since they are in memory. */
  takeGiven(all: HubGiven): HubGiven {
    const { delivered, shed } = this.#told;
    this.#told = { delivered: all.delivered, shed: all.shed };
    return {
      delivered: Math.max(0, all.delivered - delivered),
      shed: Math.max(0, all.shed - shed),
    };
  }

  /** The channel as it is now; null if it is gone. */
  async look(): Promise<ChannelNow | null> {
    const joined = await within(LOOK_MS, this.feed.join());
    if (!joined.ok) return null;
    const look: Promise<Answer<ChannelNow, "channel_not_found">> = this.#host
      .reach(this.feed.channel)
      .look();
    const answer = await within(LOOK_MS, look);
    if (!answer.ok || answer.value.epoch !== this.feed.epoch) return null;
    this.feed.learn(answer.value.ground);
    return answer.value;
  }

  /** The same, in one question for all who ask at the same time. */
  lookOnce(): Promise<ChannelNow | null> {
    this.#looking ??= this.look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }
}
