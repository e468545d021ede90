import type { AdmitRefusal, SocketRefusal } from "../../calls/refusals.ts";
import { takeSockets, type SocketPage, type SocketView } from "../../calls/socket-view.ts";
import { grant, refuse, type Answer } from "../../event/answer.ts";
import type { Principal } from "../../event/principal.ts";
import { endSocket, listSockets, type ChannelSeats } from "../gateways/socket-list.ts";
import type { ChannelRuntime } from "./runtime.ts";

/*
 * A channel's sockets, in its own object and in hubs, for somebody who manages it. That one is not
 * here is said only where all hubs were heard: whoever asks wants to know whether it is connected.
 */

/** Lists a page of them. */
export async function listEverySocket(
  runtime: ChannelRuntime,
  principal: Principal,
  page: SocketPage,
): Promise<Answer<SocketView[], AdmitRefusal>> {
  const denial = runtime.authority.denial(principal, "channels:manage");
  if (denial !== null) return denial;
  const elsewhere = await runtime.hubs.sockets(page);
  if (elsewhere === null) return UNHEARD;
  return grant(takeSockets([...listSockets(findSeats(runtime), page), ...elsewhere], page));
}

/** Closes one of them for good, wherever it is. */
export async function endAnySocket(
  runtime: ChannelRuntime,
  principal: Principal,
  id: string,
): Promise<Answer<null, SocketRefusal>> {
  const denial = runtime.authority.denial(principal, "channels:manage");
  if (denial !== null) return denial;
  if (endSocket(findSeats(runtime), id)) return grant(null);
  const isEnded = await runtime.hubs.endSocket(id);
  if (isEnded === null) return UNHEARD;
  return isEnded ? grant(null) : NO_SOCKET;
}

function findSeats({ config, clients, log }: ChannelRuntime): ChannelSeats {
  const { native, gateways } = clients;
  return { channel: config.id, head: log.head, native, gateways };
}

const UNHEARD = refuse("unavailable", "Some sockets could not be asked for. Try again later.");
const NO_SOCKET = refuse("socket_not_found", "There is no such socket on this channel.");
