/*
 * The map of connections, kept up to date by events. Pure.
 */
import type { StreamEvent } from "./event-types.ts";
import type { Connection } from "./events.ts";

/** The events that change it. */
export const CONNECTION_TYPES: readonly string[] = ["connection.closed", "connection.updated"];

/** Notes what an event says of a connection; answers whether it says something. */
export function noteConnection(connections: Map<string, Connection>, event: StreamEvent): boolean {
  if (event.type === "connection.updated") connections.set(event.data.identifier, event.data);
  else if (event.type === "connection.closed") connections.delete(event.data.identifier);
  else return false;
  return true;
}
