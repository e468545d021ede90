import type { NumberedEvent } from "../../event/group.ts";
import type { Seq } from "../../event/ids.ts";
import type { GatewayClient } from "./client.ts";

/** A follow that is not answered yet. */
export interface Wait {
  readonly client: GatewayClient;
  readonly channel: string;
  /** The events of the channel since it was asked for. */
  readonly missed: NumberedEvent[];
  /** The channel has gone since it was asked for: an answer may be of the one that was there. */
  isStale: boolean;
}

/** The subscriptions of gateways' clients to channels, and those under way. */
export class Followers {
  readonly #seated = new Map<string, Set<GatewayClient>>();
  /** A client may ask for the same channel several times at once: each has its own wait. */
  readonly #waits = new Map<string, Set<Wait>>();
  readonly #abandoned: (channel: string) => void;

  /** `abandoned` is told when nobody follows a channel any more. */
  constructor(abandoned: (channel: string) => void) {
    this.#abandoned = abandoned;
  }

  /** The channels that somebody follows. */
  get channels(): readonly string[] {
    return [...this.#seated.keys()];
  }

  /** Those who follow a channel. */
  on(channel: string): ReadonlySet<GatewayClient> {
    return this.#seated.get(channel) ?? NOBODY;
  }

  /** Does somebody follow the channel, or is about to? */
  has(channel: string): boolean {
    return this.#seated.has(channel) || this.#waits.has(channel);
  }

  /** The client follows the channel from now on, and has what there is up to a place in it. */
  seat(client: GatewayClient, channel: string, after: Seq): void {
    client.follow(channel, after);
    this.#take(client, channel);
  }

  /** Takes on a client that slept, with what it followed. */
  restore(client: GatewayClient): void {
    for (const channel of Object.keys(client.follows)) this.#take(client, channel);
  }

  unseat(client: GatewayClient, channel: string): void {
    client.unfollow(channel);
    this.#leave(client, channel);
  }

  /** The client has ended. What it waits for is settled when the answer comes. */
  forget(client: GatewayClient): void {
    for (const [channel, waits] of this.#waits) {
      for (const wait of waits) if (wait.client === client) this.#drop(channel, wait);
    }
    for (const channel of Object.keys(client.follows)) this.#leave(client, channel);
  }

  /** A follow is asked for: what happens until its answer is missed. */
  wait(client: GatewayClient, channel: string): Wait {
    const wait = { client, channel, missed: [], isStale: false };
    const waits = this.#waits.get(channel) ?? new Set();
    this.#waits.set(channel, waits.add(wait));
    return wait;
  }

  /** The answer has come. Nobody is told yet: whoever it is for may be seated now. */
  end(wait: Wait): void {
    this.#drop(wait.channel, wait);
  }

  /** Something has happened on a channel: those who are about to follow it get it then. */
  miss(channel: string, events: readonly NumberedEvent[]): void {
    for (const { missed } of this.#waits.get(channel) ?? []) missed.push(...events);
  }

  /** The channel has gone: whoever is about to follow it may be told of the one that was there. */
  stale(channel: string): void {
    for (const wait of this.#waits.get(channel) ?? []) wait.isStale = true;
  }

  /** Says so if nobody follows the channel. */
  settle(channel: string): void {
    if (!this.has(channel)) this.#abandoned(channel);
  }

  #take(client: GatewayClient, channel: string): void {
    const followers = this.#seated.get(channel) ?? new Set();
    this.#seated.set(channel, followers.add(client));
  }

  #leave(client: GatewayClient, channel: string): void {
    const followers = this.#seated.get(channel);
    followers?.delete(client);
    if (followers?.size === 0) this.#seated.delete(channel);
    this.settle(channel);
  }

  #drop(channel: string, wait: Wait): void {
    const waits = this.#waits.get(channel);
    waits?.delete(wait);
    if (waits?.size === 0) this.#waits.delete(channel);
  }
}

const NOBODY: ReadonlySet<GatewayClient> = new Set();
