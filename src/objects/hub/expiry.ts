import { findFirstTime } from "../expiry.ts";
import type { GatewaySockets } from "../gateways/clients.ts";
import type { HubChannel } from "./channel.ts";

/** All sockets of a hub, as far as their credentials run out. */
export class HubExpiry {
  readonly #gateways: GatewaySockets;
  readonly #channels: ReadonlyMap<string, HubChannel>;

  constructor(gateways: GatewaySockets, channels: ReadonlyMap<string, HubChannel>) {
    this.#gateways = gateways;
    this.#channels = channels;
  }

  /** When the first of them does; null for never. */
  get expiresAt(): number | null {
    const ofChannels = [...this.#channels.values()].map(({ known }) => known?.expiresAt);
    return findFirstTime([this.#gateways.expiresAt, ...ofChannels]);
  }

  /** Closes the sockets whose credentials have run out. */
  dismissExpired(now: number): void {
    for (const { known } of this.#channels.values()) known?.dismissExpired(now);
    this.#gateways.dismissExpired(now);
  }
}
