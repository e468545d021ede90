import type { AlarmName, Alarms } from "../alarms.ts";
import { endExpired, findFirstTime, keepExpiry } from "../expiry.ts";
import type { GatewaySockets } from "../gateways/clients.ts";
import { keepBeat, keepGreeting, sendHeartbeats } from "../gateways/heartbeats.ts";
import type { HubChannels } from "./channels.ts";

/** Keeps a hub's sockets: what is done about them by alarm, whatever happens on their channels. */
export class HubUpkeep {
  readonly #alarms: Alarms;
  readonly #gateways: GatewaySockets;
  readonly #channels: Pick<HubChannels, "values">;

  constructor(alarms: Alarms, gateways: GatewaySockets, channels: Pick<HubChannels, "values">) {
    this.#alarms = alarms;
    this.#gateways = gateways;
    this.#channels = channels;
  }

  /** When the first credential of all sockets runs out; null for never. */
  get expiresAt(): number | null {
    const ofChannels = [...this.#channels.values()].map(({ known }) => known?.expiresAt);
    return findFirstTime([this.#gateways.expiresAt, ...ofChannels]);
  }

  /** Closes the sockets whose credentials have run out. */
  dismissExpired(now: number): void {
    for (const { known } of this.#channels.values()) known?.dismissExpired(now);
    this.#gateways.dismissExpired(now);
  }

  /** There are more or fewer sockets, or they go by other credentials. */
  keep(): void {
    keepBeat(this.#alarms, this.#gateways, Date.now());
    keepGreeting(this.#alarms, this.#gateways);
    keepExpiry(this.#alarms, this.expiresAt);
  }

  /** Does what is due. */
  onAlarm(due: readonly AlarmName[], now: number): void {
    if (due.includes("greeting")) {
      this.#gateways.dismissSilent(now);
      keepGreeting(this.#alarms, this.#gateways);
    }
    if (due.includes("expiry")) endExpired(this.#alarms, this, now);
    if (due.includes("heartbeat")) sendHeartbeats(this.#alarms, this.#gateways, now);
  }
}
