import { z } from "zod";

import { lookUp } from "../lib/json.ts";

/** The status of a channel's stream, by the connection that reported it. */
export const StreamStatus = z.object({
  /** By connection (or platform, where there is none): since when it is on air; null for off. */
  online: z.record(z.string(), z.string().nullable()),
  /** By connection and account: how many are watching. */
  viewers: z.record(z.string(), z.number()),
});
export type StreamStatus = z.infer<typeof StreamStatus>;

// A channel has a handful of places. More are somebody's mistake or mischief: what is known of the
// newest is kept, within what a row has room for.
const PLACES_MAX = 100;
const PLACE_MAX_CHARS = 200;

export const UNKNOWN_STREAM: StreamStatus = { online: {}, viewers: {} };

interface Told {
  readonly type: string;
  readonly time?: string;
  readonly recordedtime: string;
  readonly platform: string;
  readonly connectionid?: string;
  readonly data: Record<string, unknown>;
}

/** The status after an event; the very same object where the event says nothing of it. */
export function follow(status: StreamStatus, event: Told): StreamStatus {
  const place = makeStatusKey(event);
  if (place.length > PLACE_MAX_CHARS) return status;
  switch (event.type) {
    case "stream.online": {
      const { startedAt } = event.data;
      const since = typeof startedAt === "string" ? startedAt : (event.time ?? event.recordedtime);
      return { ...status, online: withPlace(status.online, place, since) };
    }
    case "stream.offline": {
      const { [place]: _gone, ...viewers } = status.viewers;
      return { online: withPlace(status.online, place, null), viewers };
    }
    case "stream.viewers": {
      const { count } = event.data;
      if (typeof count !== "number") return status;
      return { ...status, viewers: withPlace(status.viewers, place, count) };
    }
    // Some providers have it in the state of a connection, and tell of changes only.
    case "connection.updated": {
      const { live } = event.data;
      const known = lookUp(status.online, place);
      if (typeof live !== "boolean") return status;
      if (live ? typeof known === "string" : known === null) return status;
      const since = live ? event.recordedtime : null;
      return { ...status, online: withPlace(status.online, place, since) };
    }
    case "connection.closed":
      return removeConnection(status, event.connectionid ?? "");
    default:
      return status;
  }
}

/**
 * The streams known by place, with one more. Beyond the bound one is forgotten: first of those that
 * are off the air, then of those that no connection tells of, then the oldest.
 */
function withPlace<T>(
  known: Readonly<Record<string, T>>,
  place: string,
  value: NoInfer<T>,
): Record<string, T> {
  const after: Record<string, T> = { ...known, [place]: value };
  const others = Object.keys(after).filter((each) => each !== place);
  if (others.length < PLACES_MAX) return after;
  const isOff = (each: string): boolean => lookUp(after, each) === null;
  const isPosted = (each: string): boolean => !(each.split("/")[0] ?? "").includes(":");
  const forgotten = others.find(isOff) ?? others.find(isPosted) ?? others[0];
  return Object.fromEntries(Object.entries(after).filter(([each]) => each !== forgotten));
}

/** By connection and account. A connection that is one account's own is no other place than it. */
function makeStatusKey({ connectionid, platform, data: { account } }: Told): string {
  if (typeof account !== "string") return connectionid ?? platform;
  if (connectionid?.endsWith(`:${account}`) === true) return connectionid;
  return `${connectionid ?? platform}/${account}`;
}

/** On air anywhere, off everywhere, or (null) unknown; since when; and how many watch in all. */
export function summarizeStatus(status: StreamStatus): {
  live: boolean | null;
  since: string | null;
  viewers: number | null;
} {
  const told = Object.values(status.online);
  const onAir = told.filter((since) => since !== null).toSorted();
  const counts = Object.values(status.viewers);
  return {
    live: told.length === 0 ? null : onAir.length > 0,
    since: onAir[0] ?? null,
    viewers: counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0),
  };
}

/** Forgets what a connection reported, once it has gone. */
function removeConnection(status: StreamStatus, connection: string): StreamStatus {
  const isOf = (place: string): boolean =>
    place === connection || place.startsWith(`${connection}/`);
  if (![...Object.keys(status.online), ...Object.keys(status.viewers)].some(isOf)) return status;
  const kept = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([place]) => !isOf(place)));
  return { online: kept(status.online), viewers: kept(status.viewers) };
}
