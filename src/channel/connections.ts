import type { EventDraft } from "../event/event.ts";
import type { Connection } from "../event/shapes.ts";
import { countBytes } from "../lib/bytes.ts";
import { lookUp } from "../lib/json.ts";
import {
  draftConnectionClosed,
  draftGapAfter,
  draftConnectionUpdated,
} from "./connection-drafts.ts";
import {
  listConnections,
  saysTheSame,
  type ConnectionEntry,
  type ConnectionMap,
  type Link,
} from "./connection-map.ts";
import { isLive, NO_OUTAGE, makeOutage } from "./outage.ts";
import { Unfit } from "./unfit.ts";

/** A changed map, and what is to be told of the change. */
export interface Change {
  readonly map: ConnectionMap;
  readonly drafts: readonly EventDraft[];
}

/** A connection as a provider reports it. `idle`: there is nothing to connect to. */
export interface Observed extends Connection {
  readonly idle?: boolean;
}

/**
 * How many connections a channel has at most, and how large each may be as JSON: providers tell of
 * what they like, and all of it is kept in memory and answered in one call.
 */
export const CONNECTIONS_MAX = 500;
export const CONNECTION_MAX_BYTES = 16 * 1024;

/** The provider told of a connection. Exactly the same again is no event. */
export function observe(map: ConnectionMap, link: Link, observed: Observed, at: number): Change {
  const { idle = false, ...connection } = observed;
  const before = lookUp(map, connection.identifier);
  // Two links to one account: the first keeps its entry, and repeated events drop out by their key.
  if (isTaken(map, connection.identifier, link)) return { map, drafts: [] };
  if (before !== undefined && saysTheSame(before, link, connection)) {
    if (before.dialId === link.dialId) return { map, drafts: [] };
    return { map: { ...map, [connection.identifier]: { ...before, ...link } }, drafts: [] };
  }
  const others = before === undefined ? makeRoom(map) : map;
  if (countBytes(JSON.stringify(connection)) > CONNECTION_MAX_BYTES) {
    throw new Unfit(`a connection may take at most ${CONNECTION_MAX_BYTES} bytes`);
  }
  const predecessor = findPredecessor(before, connection);
  const isMissing = !idle && connection.status !== "connected" && predecessor === null;
  const outage =
    isMissing && before !== undefined
      ? makeOutage(before, at, connection.reason ?? connection.status)
      : { ...NO_OUTAGE, idle };
  const entry: ConnectionEntry = {
    ...connection,
    ...link,
    ...outage,
    since: before?.status === connection.status ? before.since : at,
    predecessor,
  };
  const drafts: EventDraft[] = [draftConnectionUpdated(entry)];
  // Idle before and idle again: there was nothing to miss.
  if (!isMissing && !(idle && before?.idle === true)) drafts.push(...draftGapAfter(before, at));
  return { map: { ...others, [entry.identifier]: entry }, drafts };
}

/** Makes room for one more: of those that were closed, the one that has been so for longest goes. */
function makeRoom(map: ConnectionMap): ConnectionMap {
  const all = Object.values(map);
  if (all.length < CONNECTIONS_MAX) return map;
  const [oldest] = all
    .filter(({ status }) => status === "closed")
    .toSorted((a, b) => a.since - b.since);
  if (oldest === undefined) throw new Unfit(`a channel has at most ${CONNECTIONS_MAX} connections`);
  return removeEntry(map, oldest.identifier);
}

/** The provider closed the connection with this uuid. One the map does not hold is no event. */
export function drop(
  map: ConnectionMap,
  link: Link,
  { uuid, reason, final }: { uuid: string; reason: string; final: boolean },
  at: number,
): Change {
  const mine = Object.values(map).filter((entry) => entry.providerId === link.providerId);
  const replaced = mine.find((entry) => entry.predecessor === uuid);
  if (replaced !== undefined) {
    // The old one has gone; if the new one is not there yet, events are missed from now on.
    const isThere = replaced.status === "connected" || replaced.idle;
    const outage = isThere ? {} : makeOutage(replaced, at, reason);
    const entry: ConnectionEntry = { ...replaced, ...outage, predecessor: null };
    return { map: { ...map, [entry.identifier]: entry }, drafts: [] };
  }
  const held = mine.find((entry) => entry.uuid === uuid && entry.status !== "closed");
  if (held === undefined) return { map, drafts: [] };
  const drafts = [draftConnectionClosed(held, reason)];
  if (final) return { map: removeEntry(map, held.identifier), drafts };
  const ghost: ConnectionEntry = {
    ...held,
    ...makeOutage(held, at, reason),
    status: "closed",
    reason,
    since: at,
    predecessor: null,
  };
  return { map: { ...map, [ghost.identifier]: ghost }, drafts };
}

/**
 * The link to the provider is down. What it told of is no longer connected; `lastSeenAt` is when it
 * last gave a sign of life. Identifiers in `claims` are there even before the provider has told of
 * them, and a link that claims none and has told of none gets an entry under its own id, so that
 * its trouble can be seen.
 */
export function lose(
  map: ConnectionMap,
  link: Link,
  loss: {
    readonly claims: readonly string[];
    /** `closed`: hung up on purpose, and not to be listed until it is dialled again. */
    readonly status: "connecting" | "error" | "closed";
    readonly reason: string;
    readonly lastSeenAt: number;
    /** Nothing is missed: the provider is heard all the same. */
    readonly isHeard?: boolean;
  },
  at: number,
): Change {
  const mine = findEntries(map, link.providerId);
  const known = mine.map((entry) => entry.identifier);
  const own = `${link.provider}:${link.providerId}`;
  const isHungUp = loss.status === "closed";
  const told = loss.claims.length === 0 && mine.length === 0 ? [own] : loss.claims;
  const claims = isHungUp ? [] : told;
  const blank = claims
    .filter((each) => !known.includes(each) && !isTaken(map, each, link))
    .map((each) => ({ ...makePlaceholder(each, link, at), ...lookUp(map, each), ...link }));
  let next = map;
  const drafts: EventDraft[] = [];
  for (const entry of [...mine, ...blank]) {
    const isNew = blank.includes(entry);
    if (!isNew && entry.status === loss.status && entry.reason === loss.reason) continue;
    const seenAt = Math.min(at, Math.max(entry.since, loss.lastSeenAt));
    // An idle connection may go live during the outage, so it counts as an outage too.
    const wasThere = isLive(entry) || entry.idle;
    const after: ConnectionEntry = {
      ...entry,
      ...(loss.isHeard === true ? {} : makeOutage(entry, seenAt, loss.reason, wasThere)),
      status: loss.status,
      reason: loss.reason,
      ready: false,
      since: entry.status === loss.status ? entry.since : at,
      predecessor: null,
    };
    next = { ...next, [entry.identifier]: after };
    drafts.push(
      isHungUp ? draftConnectionClosed(after, loss.reason) : draftConnectionUpdated(after),
    );
  }
  return { map: next, drafts };
}

/** The provider has told of everything it has: what it did not tell of on this dial is gone. */
export function settle(map: ConnectionMap, link: Link): Change {
  let next = map;
  const drafts: EventDraft[] = [];
  for (const entry of Object.values(map)) {
    if (entry.providerId !== link.providerId || entry.dialId === link.dialId) continue;
    next = removeEntry(next, entry.identifier);
    if (entry.status !== "closed") drafts.push(draftConnectionClosed(entry, "not_announced"));
  }
  return { map: next, drafts };
}

/** The provider was unlinked. */
export function remove(map: ConnectionMap, providerId: string): Change {
  let next = map;
  const drafts: EventDraft[] = [];
  for (const entry of Object.values(map)) {
    if (entry.providerId !== providerId) continue;
    next = removeEntry(next, entry.identifier);
    if (entry.status !== "closed") drafts.push(draftConnectionClosed(entry, "unlinked"));
  }
  return { map: next, drafts };
}

function findEntries(map: ConnectionMap, providerId: string): ConnectionEntry[] {
  return listConnections(map).filter((entry) => entry.providerId === providerId);
}

/** Does another link hold this identifier? The first keeps it. */
function isTaken(map: ConnectionMap, identifier: string, link: Link): boolean {
  const entry = lookUp(map, identifier);
  return entry !== undefined && entry.status !== "closed" && entry.providerId !== link.providerId;
}

/** A connection replaced before its end: the old one goes on until its own uuid is closed. */
function findPredecessor(before: ConnectionEntry | undefined, now: Connection): string | null {
  if (before === undefined) return null;
  if (before.uuid === now.uuid) return before.predecessor;
  const living = before.status === "connected" ? before.uuid : before.predecessor;
  return living === now.uuid ? null : living;
}

function makePlaceholder(identifier: string, link: Link, at: number): ConnectionEntry {
  return {
    ...link,
    identifier,
    uuid: link.dialId,
    platform: link.provider,
    status: "connecting",
    reason: null,
    target: null,
    writable: false,
    ready: false,
    live: null,
    since: at,
    predecessor: null,
    ...NO_OUTAGE,
  };
}

function removeEntry(map: ConnectionMap, identifier: string): ConnectionMap {
  const { [identifier]: _gone, ...rest } = map;
  return rest;
}
