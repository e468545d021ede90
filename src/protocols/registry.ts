import type { ProtocolId } from "../event/ids.ts";
import * as astro from "./astro/index.ts";
import * as dlive from "./dlive/index.ts";
import type { AskedAddress, GatewayAdapter } from "./gateway.ts";
import * as interactiveSync from "./interactive-sync/index.ts";
import * as kick from "./kick/index.ts";
import * as multistreamer from "./multistreamer/index.ts";
import type { ProviderAdapter } from "./provider.ts";
import * as restream from "./restream/index.ts";
import * as twitchEventsub from "./twitch-eventsub/index.ts";
import * as twitchIrc from "./twitch-irc/index.ts";
import type { ViewerInterfaceAdapter } from "./viewer-interface.ts";

/** A wire language, spoken from both ends. */
export interface Protocol {
  readonly provider: ProviderAdapter;
  /** Absent where it is not served. */
  readonly gateway?: GatewayAdapter;
  /** Absent where viewers are shown nothing. */
  readonly viewerInterface?: ViewerInterfaceAdapter;
}

/**
 * The one list of what we speak. A new protocol is a folder and a line here. The order is the one in
 * which protocols are asked whether an address is theirs: Astro takes what is left at `/`.
 */
export const protocols: Partial<Record<ProtocolId, Protocol>> = {
  "interactive-sync": interactiveSync,
  dlive,
  restream,
  multistreamer,
  "twitch-irc": twitchIrc,
  kick,
  "twitch-eventsub": twitchEventsub,
  astro,
};

/** The adapter that dials a protocol, or undefined for one we do not dial. */
export function findProviderAdapter(protocol: string): ProviderAdapter | undefined {
  return Object.hasOwn(protocols, protocol)
    ? protocols[protocol as ProtocolId]?.provider
    : undefined;
}

/** The adapter that serves a protocol, or undefined for one we do not serve. */
export function findGatewayAdapter(protocol: string): GatewayAdapter | undefined {
  return Object.hasOwn(protocols, protocol)
    ? protocols[protocol as ProtocolId]?.gateway
    : undefined;
}

/** The protocol whose own address a request asks for, on a host that names none; null for none. */
export function findOwner(asked: AskedAddress): ProtocolId | null {
  const owner = Object.values(protocols).find(({ gateway }) => gateway?.ownsPath(asked));
  return owner?.gateway?.protocol ?? null;
}

/** The one protocol whose viewers see an interface: a channel has one. */
export const { viewerInterface: viewerInterfaceAdapter } = interactiveSync;
