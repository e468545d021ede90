import type { SocketRequest } from "../../calls/socket.ts";
import type { Principal } from "../../event/principal.ts";
import { isDialectId } from "../../protocols/tributary/dialects.ts";
import { listWords, type ClientSpec } from "./client.ts";
import type { Start } from "./host.ts";

/** Makes the specification of a socket from the door's request, as it comes. */
export function makeClientSpec(
  { dialect, filter, raw, from, label }: SocketRequest,
  principal: Principal,
  openedAt: number,
): Omit<ClientSpec, "session" | "at"> {
  if (!isDialectId(dialect)) throw new Error("no such dialect");
  return { dialect, filter: listWords(filter), raw, principal, from, label, openedAt };
}

export function chooseStart({ after, rewind }: SocketRequest): Start {
  if (after !== null) return { after };
  return rewind === null ? null : { rewind };
}
