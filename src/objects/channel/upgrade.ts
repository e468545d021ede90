import { GATEWAY_HEADER, WISH_HEADER, type SocketWish } from "../../calls/channel.ts";
import { refused } from "../../event/answer.ts";
import { Principal } from "../../event/principal.ts";
import { takeTicket } from "../../store/journal/tickets.ts";
import { crowded } from "../clients/capacity.ts";
import { specOf, startOf } from "../clients/upgrade-request.ts";
import { gatewayWish, openGateway, overflows } from "../gateways/upgrade.ts";
import type { ChannelRuntime } from "./runtime.ts";

/** Opens a socket in a channel's own object: the door has let the upgrade through. */
export function openSocket(runtime: ChannelRuntime, sql: SqlStorage, headers: Headers): Response {
  const gateway = headers.get(GATEWAY_HEADER);
  if (gateway !== null) {
    const wish = gatewayWish(gateway);
    if (runtime.isCrowded && overflows(wish)) return crowded(null);
    runtime.ensure();
    return openGateway(runtime.clients.gateways, wish, { channel: runtime.views.facts() });
  }
  const header = decodeURIComponent(headers.get(WISH_HEADER) ?? "null");
  const wish = JSON.parse(header) as SocketWish;
  const principal = wish.principal ?? redeem(sql, wish.ticketDigest);
  if (principal === null) return Response.json(BAD_TICKET, { status: 401 });
  if (runtime.isCrowded) return crowded(principal);
  runtime.ensure();
  const welcome = { head: runtime.log.head, connections: runtime.views.facts().connections };
  const spec = specOf(wish, principal);
  const webSocket = runtime.clients.native.accept(spec, startOf(wish), welcome);
  return new Response(null, { status: 101, webSocket });
}

function redeem(sql: SqlStorage, digest: string | null): Principal | null {
  if (digest === null) return null;
  const kept = Principal.safeParse(takeTicket(sql, digest, Date.now()));
  return kept.success ? kept.data : null;
}

const BAD_TICKET = refused("ticket_invalid", "The ticket is unknown, used, or too old.");
