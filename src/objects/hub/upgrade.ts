import { pickBareName, readName } from "../../calls/object-names.ts";
import {
  CHANNEL_HEADER,
  GATEWAY_HEADER,
  NO_OTHER_HEADER,
  SOCKET_REQUEST_HEADER,
  type SocketRequest,
} from "../../calls/socket.ts";
import { refuse } from "../../event/answer.ts";
import { refuseCrowded, refuseStrangers, refuseFull } from "../clients/capacity.ts";
import { makeClientSpec, chooseStart } from "../clients/upgrade-request.ts";
import type { GatewaySockets } from "../gateways/clients.ts";
import { openGateway, parseGatewayRequest } from "../gateways/upgrade.ts";
import type { ChannelNames } from "./channel-names.ts";
import type { HubChannel } from "./channel.ts";
import { pickFacts } from "./gateway-host.ts";
import type { HubHost } from "./host.ts";
import { openHandOver } from "./reconnect-token.ts";

/** A hub, as far as sockets on their way in need it. */
export interface UpgradePort {
  readonly host: Pick<HubHost, "masterKeys" | "isCrowd" | "isFull">;
  readonly gateways: GatewaySockets;
  readonly names: Pick<ChannelNames, "learn">;
  /** All sockets that are here. */
  readonly count: number;
  countOn(channel: string): number;
  channel(id: string): HubChannel;
  /** Lets go of a channel that nobody here follows. */
  settle(channel: string): void;
  /** Closes sockets that were opened while the credential they go by was being revoked. */
  dismissRevoked(): void;
}

/** Opens a socket that the door has let through, and that is for a hub. */
export async function openSocket(hub: UpgradePort, headers: Headers): Promise<Response> {
  const named = headers.get(CHANNEL_HEADER);
  const gateway = headers.get(GATEWAY_HEADER);
  const isFull = hub.host.isFull(hub.count);
  if (named === null) return isFull ? refuseFull() : openFree(hub, gateway ?? "null");
  const hasToTake = headers.has(NO_OTHER_HEADER);
  const name = readName(named);
  const id = pickBareName(name);
  if (isFull) return hasToTake ? refuseFull() : refuseCrowded(null);
  if (!hasToTake && hub.host.isCrowd(hub.countOn(id))) return refuseCrowded(null);
  hub.names.learn(name);
  const channel = hub.channel(id);
  channel.feed.arriving += 1;
  try {
    const response = await (gateway === null
      ? openNative(channel, headers.get(SOCKET_REQUEST_HEADER) ?? "null")
      : openChannelGateway(hub, channel, gateway));
    hub.dismissRevoked();
    return response ?? Response.json(NO_CHANNEL, { status: 404 });
  } finally {
    channel.feed.arriving -= 1;
    hub.settle(id);
  }
}

async function openNative(channel: HubChannel, header: string): Promise<Response | null> {
  const request = JSON.parse(decodeURIComponent(header)) as SocketRequest;
  if (request.principal === null) throw new Error("nobody's socket");
  const now = await channel.lookOnce();
  if (now === null) return null;
  const denial = channel.authority.denial(request.principal, "events:read");
  if (denial !== null) return Response.json(denial, { status: 403 });
  const spec = makeClientSpec(request, request.principal, Date.now());
  const webSocket = channel.clients.accept(spec, chooseStart(request), now);
  return new Response(null, { status: 101, webSocket });
}

async function openChannelGateway(
  { gateways }: UpgradePort,
  channel: HubChannel,
  header: string,
): Promise<Response | null> {
  const stop = channel.feed.record();
  try {
    const now = await channel.look();
    if (now === null) return null;
    const request = parseGatewayRequest(header);
    if (request.principal === null) throw new Error("nobody's socket");
    const denial = channel.authority.denial(request.principal, request.needs);
    if (denial !== null) return Response.json(denial, { status: 403 });
    return openGateway(gateways, request, { channel: pickFacts(now), missed: stop() });
  } finally {
    stop();
  }
}

/** A socket that names its channels in frames. */
async function openFree(hub: UpgradePort, header: string): Promise<Response> {
  const request = parseGatewayRequest(header);
  const { protocol, bring } = request;
  const brought =
    bring === null
      ? undefined
      : await openHandOver(hub.host.masterKeys, protocol, bring, Date.now());
  const isWelcome = brought != null || !hub.gateways.isCrowdedBy(request.from);
  if (!isWelcome) return refuseStrangers();
  const start = { channel: null, ...(brought !== undefined && { brought }) };
  const response = openGateway(hub.gateways, request, start);
  // Whom it was brought for may not be let in any more.
  hub.dismissRevoked();
  return response;
}

const NO_CHANNEL = refuse("channel_not_found", "No such channel.");
