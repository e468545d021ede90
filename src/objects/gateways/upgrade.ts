import type { GatewayUpgrade } from "../../calls/socket.ts";
import type { NumberedEvent } from "../../event/group.ts";
import { decodeHeaderJson } from "../../lib/header-json.ts";
import type { Json } from "../../lib/json.ts";
import type { ChannelFacts } from "../../protocols/gateway-session.ts";
import { findGatewayAdapter } from "../../protocols/registry.ts";
import type { GatewaySockets } from "./clients.ts";

/** Parses the door's request for a gateway's socket. */
export function parseGatewayRequest(header: string): GatewayUpgrade {
  return decodeHeaderJson(header) as GatewayUpgrade;
}

/** May sockets of this protocol live elsewhere than with their channel? */
export function overflows({ protocol }: GatewayUpgrade): boolean {
  return findGatewayAdapter(protocol)?.overflows ?? false;
}

/** The start of a socket. */
export interface GatewayStart {
  readonly channel: ChannelFacts | null;
  /** The events since the facts. */
  readonly missed?: readonly NumberedEvent[];
  /** Null for a token that does not hold, undefined where none was brought. */
  readonly brought?: Json | null;
}

/** Opens such a socket, in whichever object it is to live. */
export function openGateway(
  sockets: GatewaySockets,
  { protocol, about, principal, needs, from }: GatewayUpgrade,
  { channel, missed, brought }: GatewayStart,
): Response {
  const adapter = findGatewayAdapter(protocol);
  if (adapter === undefined) throw new Error("no such gateway");
  const who = { principal, needs, from };
  const opening = { about, ...who, channel, ...(brought !== undefined && { brought }) };
  const webSocket = sockets.accept(adapter, opening, missed);
  return new Response(null, { status: 101, webSocket });
}
