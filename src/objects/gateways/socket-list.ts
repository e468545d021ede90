import type { HubPopulation } from "../../calls/hub.ts";
import { takeSockets, type SocketPage, type SocketView } from "../../calls/socket-view.ts";
import type { Seq } from "../../event/ids.ts";
import { identifyCredential, type Principal } from "../../event/principal.ts";
import { formatTime } from "../../lib/time.ts";
import type { Client } from "../clients/client.ts";
import type { ClientSockets } from "../clients/clients.ts";
import type { GatewayClient } from "./client.ts";
import type { GatewaySockets } from "./clients.ts";

/** A channel's sockets in one object, whatever they speak. */
export interface ChannelSeats {
  readonly channel: string;
  /** Up to where everything has been published here. */
  readonly head: Seq;
  /** Null where there has been none so far. */
  readonly native: Pick<ClientSockets, "all" | "byDialect" | "delivered" | "end" | "shed"> | null;
  readonly gateways: Pick<GatewaySockets, "byProtocol" | "deliveredOn" | "end" | "on">;
}

/** Counts a channel's sockets in one object, and what they were given. */
export function countSockets({ channel, native, gateways }: ChannelSeats): HubPopulation {
  return {
    byProtocol: { ...gateways.byProtocol(channel), ...native?.byDialect },
    delivered: gateways.deliveredOn(channel) + (native?.delivered ?? 0),
    shed: native?.shed ?? 0,
  };
}

/** Lists a page of a channel's sockets in one object. */
export function listSockets(
  { channel, head, native, gateways }: ChannelSeats,
  page: SocketPage,
): SocketView[] {
  const clients = [...(native?.all() ?? [])].map((client) => viewClient(client, head));
  const others = [...gateways.on(channel)].map(viewGatewayClient);
  return takeSockets([...clients, ...others], page);
}

/** Closes one of a channel's sockets for good; false if it is not here. */
export function endSocket({ channel, native, gateways }: ChannelSeats, id: string): boolean {
  return native?.end(id) === true || gateways.end(channel, id);
}

function viewClient(client: Client, head: Seq): SocketView {
  const { session, dialectId, label, principal, filter, raw, openedAt, at, socket } = client;
  const { types, providers, platforms } = filter;
  return {
    id: session,
    protocol: dialectId,
    label,
    credential: viewCredential(principal),
    filter: { types: [...types], providers: [...providers], platforms: [...platforms] },
    raw,
    since: openedAt === null ? null : formatTime(openedAt),
    behind: at === null ? 0 : Math.max(0, head - at),
    unreadBytes: socket.bufferedAmount,
  };
}

function viewGatewayClient({
  name,
  adapter,
  session,
  arrivedAt,
  socket,
}: GatewayClient): SocketView {
  const [principal] = session.principals();
  return {
    id: name,
    protocol: adapter.protocol,
    label: null,
    credential: principal === undefined ? NOBODY : viewCredential(principal),
    filter: null,
    raw: false,
    since: arrivedAt === 0 ? null : formatTime(arrivedAt),
    behind: 0,
    unreadBytes: socket.bufferedAmount,
  };
}

const NOBODY: SocketView["credential"] = { kind: "anonymous", id: null };

function viewCredential(principal: Principal): SocketView["credential"] {
  return { kind: principal.kind, id: identifyCredential(principal) };
}
