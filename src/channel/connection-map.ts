import { z } from "zod";

import { ProtocolId } from "../event/ids.ts";
import { Connection } from "../event/shapes.ts";

/** The owner of a connection: the provider's row, its protocol, and the dial that reported it. */
export const Link = z.object({
  providerId: z.string(),
  provider: ProtocolId,
  dialId: z.string(),
  /** The kinds of sends that its connections take where they are writable. */
  takes: Connection.shape.takes,
});
export type Link = z.infer<typeof Link>;

/** An entry of the connection map, with what the relay has to remember of it. Times in ms. */
export const ConnectionEntry = Connection.extend({
  ...Link.shape,
  /** Since when it has had its status. */
  since: z.number(),
  /** From when on events may have been missed; null while nothing can have been. */
  missingSince: z.number().nullable(),
  missingCause: z.string().nullable(),
  /** The uuid it replaced, until that one is closed: as long as it lives nothing is missed. */
  predecessor: z.string().nullable(),
  /** There is nothing to connect to, or there was not when events began to be missed. */
  idle: z.boolean(),
});
export type ConnectionEntry = z.infer<typeof ConnectionEntry>;

/**
 * The connection map: by identifier, newest wins, an entry leaves only by its own uuid. An entry
 * with status `closed` has left and is kept to tell, should it come back, what was missed.
 */
export type ConnectionMap = Readonly<Record<string, ConnectionEntry>>;

/** The map as it was kept, without the entries that cannot be read any more. */
export function parseConnections(rows: readonly unknown[]): ConnectionMap {
  const entries = rows.flatMap((row) => {
    const parsed = ConnectionEntry.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
  return Object.fromEntries(entries.map((entry) => [entry.identifier, entry]));
}

/** The entries that are there, in the order of their identifiers. */
export function listConnections(map: ConnectionMap): ConnectionEntry[] {
  return Object.values(map)
    .filter((entry) => entry.status !== "closed")
    .toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1));
}

/**
 * Picks the fields of an entry that the `connection.updated` event and a socket's `hello` carry.
 */
export function toConnection(entry: ConnectionEntry): Connection {
  const { identifier, uuid, platform, status, reason, target, writable, ready, live } = entry;
  const about = { identifier, uuid, platform, status, reason, target, writable, ready, live };
  return entry.takes === undefined ? about : { ...about, takes: listTaken(entry) };
}

/** The kinds of sends that a connection takes as it is. */
export function listTaken({ writable, takes = [] }: ConnectionEntry): NonNullable<Link["takes"]> {
  return writable ? takes : [];
}

/** Is nothing new in what is told of it, by a link? */
export function saysTheSame(entry: ConnectionEntry, link: Link, connection: Connection): boolean {
  const told = { ...entry, ...connection, ...link };
  return JSON.stringify(toConnection(entry)) === JSON.stringify(toConnection(told));
}
