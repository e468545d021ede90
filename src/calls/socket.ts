import type { Filter } from "../event/filter.ts";
import type { Position } from "../event/position.ts";
import type { Principal, Scope } from "../event/principal.ts";
import type { ChannelRecord } from "../store/history/channels.ts";

/*
 * How a socket is handed over to the object that is to hold it: with `fetch`, and one of these in a
 * header.
 */

/** The header in which the request for a socket is handed over, as percent-encoded JSON. */
export const SOCKET_REQUEST_HEADER = "x-tributary-socket-request";

/** How long a socket's label is at most: it is kept with the socket. */
export const LABEL_MAX_CHARS = 100;

/**
 * A request for a socket: where it begins, and what it is to hear. The door has checked all of it.
 */
export interface SocketRequest {
  readonly dialect: "tributary.v1" | "cloudevents.json" | "sse";
  readonly filter: Filter;
  readonly raw: boolean;
  readonly after: Position | null;
  readonly rewind: number | null;
  /** Words on what listens, of whoever opens it. */
  readonly label: string | null;
  /** The channel as the door has just found it. */
  readonly channel: ChannelRecord;
  /** The principal; null where a ticket names it. */
  readonly principal: Principal | null;
  readonly ticketDigest: string | null;
  /** The party at the address that asks: tells apart those that have no credential. */
  readonly from: string;
}

/** An object holds as many sockets of a channel as it may: this one is for the next. */
export interface Crowded {
  readonly code: "crowded";
  /** The principal of the socket, since a ticket is good only once. */
  readonly principal: Principal | null;
}

/** The header that tells a hub which channel a socket is of, where that is known from the start. */
export const CHANNEL_HEADER = "x-tributary-channel";

/** The header that tells a hub to take a socket however many it has: there is no other. */
export const NO_OTHER_HEADER = "x-tributary-no-other";

/** The header in which the request for a gateway's socket is handed over, as percent-encoded JSON. */
export const GATEWAY_HEADER = "x-tributary-gateway";

/** Plain data, for nobody but the gateway's own session. */
type GatewayAbout = string | number | null | { readonly [key: string]: GatewayAbout };

/** A socket that speaks another protocol than our own. The door has let it in. */
export interface GatewayUpgrade {
  readonly protocol: string;
  /** The facts of the address for the session. Never a credential. */
  readonly about: GatewayAbout;
  /** The principal; null where the credential comes in a frame. */
  readonly principal: Principal | null;
  /** The scope that the socket needs for as long as it is there. */
  readonly needs: Scope;
  /**
   * The channel as the door has just found it; null for a socket that names its channels in frames.
   */
  readonly channel: ChannelRecord | null;
  /** The state that another socket was given to be brought here; null for none. */
  readonly bring: string | null;
  /** The party at the address that asks: tells apart those that have no credential. */
  readonly from: string;
}
