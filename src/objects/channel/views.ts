import type { ConnectionView, DialHealth, ProviderHealth } from "../../calls/provider.ts";
import type { StatusView } from "../../calls/status.ts";
import {
  listConnections,
  listTaken,
  type ConnectionEntry,
  type ConnectionMap,
} from "../../channel/connection-map.ts";
import { summarizeStatus, type StreamStatus } from "../../channel/stream-status.ts";
import type { Epoch, Seq } from "../../event/ids.ts";
import { formatPosition } from "../../event/position.ts";
import { formatTime } from "../../lib/time.ts";

/*
 * The API's view of a channel, with times as RFC 3339.
 */

/** An entry of the connection map. */
function viewConnection(entry: ConnectionEntry, lastEventAt: number | null): ConnectionView {
  const { identifier, uuid, provider, platform, status, reason, target } = entry;
  const { writable, ready, live, since } = entry;
  return {
    identifier,
    uuid,
    provider,
    platform,
    status,
    reason,
    target,
    writable,
    ready,
    live,
    takes: [...listTaken(entry)],
    since: formatTime(since),
    lastEventAt: formatTimeOrNull(lastEventAt),
  };
}

/** The connection map, in the order of its identifiers. */
export function viewConnections(
  map: ConnectionMap,
  lastEvents: ReadonlyMap<string, number>,
): ConnectionView[] {
  return listConnections(map).map((entry) =>
    viewConnection(entry, lastEvents.get(entry.identifier) ?? null),
  );
}

/** How providers fare, each with the connections that it tells of. */
function viewProviders(providers: readonly DialHealth[], map: ConnectionMap): ProviderHealth[] {
  const all = listConnections(map);
  return providers.map((provider) => ({
    ...provider,
    connections: all
      .filter(({ providerId }) => providerId === provider.id)
      .map(({ identifier }) => identifier),
  }));
}

/** The parts that a channel's status is made of. */
export interface StatusParts {
  readonly channel: string;
  readonly epoch: Epoch;
  readonly head: Seq;
  readonly stream: StreamStatus;
  readonly providers: readonly DialHealth[];
  readonly connections: ConnectionMap;
  readonly history: {
    readonly fed: Seq;
    readonly oldestWaitingAt: number | null;
    readonly erasures: number;
    readonly failures: number;
    readonly lastError: string | null;
    readonly rowsWritten: number;
    readonly reduced: number;
  };
  readonly sockets: Record<string, number>;
  readonly counters: {
    readonly repeats: number;
    readonly merged: Readonly<Record<string, number>>;
    readonly delivered: number;
    readonly shed: number;
    readonly journalRowsWritten: number;
  };
  /** Since when the counters count: they begin anew with the object. */
  readonly since: number;
  readonly now: number;
}

/** A channel's status. */
export function viewStatus(parts: StatusParts): StatusView {
  const { epoch, head, history, sockets, counters, providers } = parts;
  const { oldestWaitingAt } = history;
  return {
    channel: parts.channel,
    position: formatPosition(epoch, head),
    stream: summarizeStatus(parts.stream),
    providers: viewProviders(providers, parts.connections),
    history: {
      position: formatPosition(epoch, history.fed),
      lagEvents: head - history.fed,
      lagMs: oldestWaitingAt === null ? 0 : Math.max(0, parts.now - oldestWaitingAt),
      erasures: history.erasures,
      failures: history.failures,
      lastError: history.lastError,
    },
    sockets: {
      count: Object.values(sockets).reduce((sum, count) => sum + count, 0),
      byProtocol: sockets,
    },
    counters: {
      since: formatTime(parts.since),
      events: head,
      ...counters,
      rejected: providers.reduce((sum, each) => sum + each.rejected, 0),
      historyRowsWritten: history.rowsWritten,
      historyReduced: history.reduced,
    },
  };
}

function formatTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms);
}
