import { ease, type NumberedEvent, type Pressure } from "../../event/group.ts";
import type { GatewayInput } from "../../protocols/gateway-session.ts";
import type { UnsentBytes } from "../clients/unsent.ts";
import type { GatewayClient } from "./client.ts";
import type { Followers } from "./subscriptions.ts";

/** The sockets, as far as events are given to them. */
export interface DeliveryPort {
  readonly unsent: Pick<UnsentBytes, "pressureOn">;
  /** Tells a client's session; one whose socket has ended is told nothing. */
  hand(client: GatewayClient, input: GatewayInput): void;
  /** May the client go on, on a channel, as both are now? One that may not is let go. */
  keeps(client: GatewayClient, channel: string): boolean;
  /** It reads too slowly: it is let go. */
  fallBehind(client: GatewayClient): void;
}

/** A group as it is under each pressure that was met, made once. */
type Copies = Map<Pressure, readonly NumberedEvent[]>;

/** Gives a channel's events to the sessions that follow it, to each as much as it can take. */
export class Deliveries {
  readonly #port: DeliveryPort;
  readonly #followers: Followers;
  /** By channel: the events that were handed to sessions. */
  readonly #delivered = new Map<string, number>();

  constructor(port: DeliveryPort, followers: Followers) {
    this.#port = port;
    this.#followers = followers;
  }

  /** Events of a channel that were handed to sessions. */
  countOn(channel: string): number {
    return this.#delivered.get(channel) ?? 0;
  }

  /** Nobody here follows the channel any more: it is counted anew. */
  drop(channel: string): void {
    this.#delivered.delete(channel);
  }

  publish(channel: string, events: readonly NumberedEvent[]): void {
    const copies: Copies = new Map();
    for (const client of this.#followers.on(channel)) this.give(client, channel, events, copies);
    this.#followers.miss(channel, events);
  }

  /** Gives a group to one client, as much of it as it can take. */
  give(
    client: GatewayClient,
    channel: string,
    events: readonly NumberedEvent[],
    copies: Copies = new Map(),
  ): void {
    if (!this.#port.keeps(client, channel)) return;
    // None of these protocols can say that something was left out.
    const pressure = this.#port.unsent.pressureOn(client.socket);
    if (pressure === "close" || pressure === "shed") return this.#port.fallBehind(client);
    const copy = copies.get(pressure) ?? ease(events, pressure).events;
    copies.set(pressure, copy);
    const after = client.placeIn(channel) ?? 0;
    const wanted = copy.filter(({ seq }) => seq > after).map(({ event }) => event);
    if (wanted.length === 0) return;
    this.#delivered.set(channel, this.countOn(channel) + wanted.length);
    this.#port.hand(client, { type: "events-observed", at: Date.now(), channel, events: wanted });
  }
}
