import { GATEWAY_HEADER, SOCKET_REQUEST_HEADER, type SocketRequest } from "../../calls/socket.ts";
import { refuse } from "../../event/answer.ts";
import { Principal } from "../../event/principal.ts";
import { decodeHeaderJson } from "../../lib/header-json.ts";
import { dropTicket, findTicket } from "../../store/journal/tickets.ts";
import { isOverfull, refuseCrowded, refuseFull } from "../clients/capacity.ts";
import { makeClientSpec, chooseStart } from "../clients/upgrade-request.ts";
import { parseGatewayRequest, openGateway, overflows } from "../gateways/upgrade.ts";
import { hear } from "./admission.ts";
import type { ChannelRuntime } from "./runtime.ts";

/**
 * Opens a socket in a channel's own object. The door has let the upgrade through, and what it knew is
 * looked at again: the channel as it is, and what the principal may on it now.
 */
export function openSocket(runtime: ChannelRuntime, sql: SqlStorage, headers: Headers): Response {
  const gateway = headers.get(GATEWAY_HEADER);
  if (gateway !== null) return openGatewaySocket(runtime, gateway);
  const request = decodeHeaderJson(headers.get(SOCKET_REQUEST_HEADER)) as SocketRequest;
  if (!hear(runtime, request.channel)) return Response.json(NO_CHANNEL, { status: 404 });
  const { ticketDigest } = request;
  const principal = request.principal ?? findHolder(sql, ticketDigest);
  if (principal === null) return Response.json(BAD_TICKET, { status: 401 });
  const denial = runtime.authority.denial(principal, "events:read");
  if (denial !== null) {
    return Response.json(request.principal === null ? BAD_TICKET : denial, { status: 403 });
  }
  const rawDenial = request.raw ? runtime.authority.denial(principal, "channels:manage") : null;
  if (rawDenial !== null) return Response.json(rawDenial, { status: 403 });
  // Only what is let in has used it: the door may ask once more with what it has looked up anew.
  if (ticketDigest !== null) dropTicket(sql, ticketDigest);
  if (runtime.isCrowded) return refuseCrowded(principal);
  runtime.ensure();
  const welcome = { head: runtime.log.head, connections: runtime.views.facts().connections };
  const spec = makeClientSpec(request, principal, Date.now());
  const webSocket = runtime.clients.native.accept(spec, chooseStart(request), welcome);
  return new Response(null, { status: 101, webSocket });
}

function openGatewaySocket(runtime: ChannelRuntime, header: string): Response {
  const request = parseGatewayRequest(header);
  const { principal, needs, channel } = request;
  if (principal === null || channel === null || !hear(runtime, channel)) {
    return Response.json(NO_CHANNEL, { status: 404 });
  }
  const denial = runtime.authority.denial(principal, needs);
  if (denial !== null) return Response.json(denial, { status: 403 });
  if (runtime.isCrowded && overflows(request)) return refuseCrowded(null);
  if (isOverfull(runtime.clients.count)) return refuseFull();
  runtime.ensure();
  return openGateway(runtime.clients.gateways, request, { channel: runtime.views.facts() });
}

/** Finds whose ticket it is. */
function findHolder(sql: SqlStorage, digest: string | null): Principal | null {
  if (digest === null) return null;
  const kept = Principal.safeParse(findTicket(sql, digest, Date.now()));
  return kept.success ? kept.data : null;
}

const BAD_TICKET = refuse("ticket_invalid", "The ticket is unknown, used, or too old.");
const NO_CHANNEL = refuse("channel_not_found", "No such channel.");
