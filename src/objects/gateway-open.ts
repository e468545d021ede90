import type { GatewayWish } from "../calls.ts";
import type { ChannelFacts } from "../protocols/gateway.ts";
import { gatewayAdapter } from "../protocols/registry.ts";
import type { GatewaySockets } from "./gateway-sockets.ts";

/** A gateway's socket that the door has let in, in whichever object it is to live. */
export function openGateway(
  sockets: GatewaySockets,
  header: string,
  channel: ChannelFacts | null,
): Response {
  const wish = JSON.parse(decodeURIComponent(header)) as GatewayWish;
  const adapter = gatewayAdapter(wish.protocol);
  if (adapter === undefined) throw new Error("no such gateway");
  const webSocket = sockets.accept(adapter, wish.about, wish.principal, channel);
  return new Response(null, { status: 101, webSocket });
}
