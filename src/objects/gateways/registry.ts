import { ClientRegistry } from "../clients/client-registry.ts";
import type { GatewayClient } from "./client.ts";
import { Strangers } from "./strangers.ts";
import { Followers } from "./subscriptions.ts";

/**
 * The gateways' sockets that are in an object: how many there are, of which kind, and what they
 * follow.
 */
export abstract class GatewayRegistry {
  protected readonly clients = new ClientRegistry(({ adapter }: GatewayClient) => adapter);
  protected readonly strangers = new Strangers();
  protected readonly followers: Followers;

  readonly #expiresSooner: () => void;

  /**
   * `abandoned` is told when nobody follows a channel any more, `expiresSooner` when a credential was
   * shown that runs out before all others.
   */
  constructor(abandoned: (channel: string) => void, expiresSooner: () => void) {
    this.followers = new Followers(abandoned);
    this.#expiresSooner = expiresSooner;
  }

  /** Closes a socket whose credential no longer holds. */
  protected abstract expire(client: GatewayClient, why?: string): void;

  /** When the first credential of these runs out; null for never. */
  get expiresAt(): number | null {
    return this.clients.expiresAt;
  }

  /** Closes the sockets of which a credential has run out. */
  dismissExpired(now: number): void {
    for (const client of this.clients.takeExpired(now)) this.expire(client);
  }

  /** Closes the sockets that have shown no credential in time. */
  dismissSilent(now: number): void {
    for (const client of this.strangers.lateAt(now)) this.expire(client, "no credential in time");
  }

  /** Its session has taken something in: it may have shown a credential. */
  protected look(client: GatewayClient): void {
    this.strangers.look(client);
    if (this.clients.watch(client)) this.#expiresSooner();
  }

  get count(): number {
    return this.clients.count;
  }

  /** The names of the sockets that are here. */
  get names(): readonly string[] {
    return [...this.clients.all()].map(({ name }) => name);
  }

  /** How many there are that follow a channel. */
  countOn(channel: string): number {
    return this.followers.on(channel).size;
  }

  /** The last ones that came: a group is sent to them last. */
  get newest(): readonly GatewayClient[] {
    return this.clients.newest;
  }

  /** How many there are, by protocol; those that follow a channel, or (null) all. */
  byProtocol(channel: string | null): Record<string, number> {
    const byProtocol = new Map<string, number>();
    const some = channel === null ? this.clients.all() : this.followers.on(channel);
    for (const { adapter } of some) {
      byProtocol.set(adapter.protocol, (byProtocol.get(adapter.protocol) ?? 0) + 1);
    }
    return Object.fromEntries(byProtocol);
  }

  /** The sockets that follow a channel. */
  on(channel: string): Iterable<GatewayClient> {
    return this.followers.on(channel);
  }

  /** Closes a socket that follows the channel, by its name; false if there is none. */
  end(channel: string, name: string): boolean {
    const client = [...this.on(channel)].find((each) => each.name === name);
    if (client !== undefined) this.expire(client, "closed by the channel");
    return client !== undefined;
  }

  /** Does somebody here follow the channel, or is about to? */
  follows(channel: string): boolean {
    return this.followers.has(channel);
  }

  /** The channels that somebody here follows. */
  get channels(): readonly string[] {
    return this.followers.channels;
  }

  /** How often the sockets that are here want to be told that they live; null for never. */
  get heartbeatMs(): number | null {
    const heartbeats = [...this.clients.kinds.keys()].flatMap(
      ({ heartbeatMs }) => heartbeatMs ?? [],
    );
    return heartbeats.length === 0 ? null : Math.min(...heartbeats);
  }

  /** Are there as many from an address that go by no credential as there may be? */
  isCrowdedBy(from: string): boolean {
    return this.strangers.isCrowd(from);
  }

  /** When the next socket that has shown no credential is to be closed; null for never. */
  get greetBy(): number | null {
    return this.strangers.greetBy;
  }

  protected add(client: GatewayClient): void {
    this.clients.add(client);
    this.strangers.add(client);
  }

  protected remove(client: GatewayClient): void {
    this.clients.remove(client);
    this.strangers.remove(client);
    this.followers.forget(client);
  }
}
