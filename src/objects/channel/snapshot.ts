import type { ChannelNow } from "../../calls/channel.ts";
import type { HubPopulation } from "../../calls/hub.ts";
import type { ConnectionView } from "../../calls/provider.ts";
import type { ChannelReport } from "../../calls/report.ts";
import type { StatusView } from "../../calls/status.ts";
import { listConnections, toConnection } from "../../channel/connection-map.ts";
import type { Figures } from "../../channel/metering.ts";
import type { ChannelFacts } from "../../protocols/gateway-session.ts";
import { listErasures } from "../../store/journal/erasures.ts";
import { findRecordedAfter } from "../../store/journal/groups.ts";
import { countRowsWritten } from "../../store/object/write.ts";
import { sumPopulations } from "./hub-fanout.ts";
import type { ViewPort } from "./ports.ts";
import { viewConnections, viewStatus } from "./views.ts";

/** A channel as it is in this very moment, for all who ask. */
export class ChannelSnapshot {
  readonly #parts: ViewPort;
  readonly #startedAt = Date.now();

  constructor(parts: ViewPort) {
    this.#parts = parts;
  }

  /** The facts of the channel for a gateway's session. */
  facts(): ChannelFacts {
    const { config, log, notes, viewerInterface } = this.#parts;
    const { id, number, name } = config;
    const connections = listConnections(log.connections).map(toConnection);
    const { head } = log;
    return {
      id,
      number,
      name,
      head,
      connections,
      stream: notes.summary,
      interface: viewerInterface.shown,
    };
  }

  /** The same, with the incarnation that it is true of. */
  now(): ChannelNow {
    const { config, ground, viewerInterface } = this.#parts;
    const shown = viewerInterface.shown === null ? null : JSON.stringify(viewerInterface.shown);
    return { ...this.facts(), epoch: config.epoch, ground, interface: shown };
  }

  connections(): ConnectionView[] {
    return viewConnections(this.#parts.log.connections, this.#parts.notes.lastEvents);
  }

  status(isDetailed: boolean): StatusView | Promise<StatusView> {
    const { hubs } = this.#parts;
    if (hubs.count === 0) return this.#status(isDetailed, []);
    return hubs.populations().then((elsewhere) => this.#status(isDetailed, elsewhere));
  }

  /** The channel's figures, for metrics. */
  figures(): Figures {
    const { log, clients, notes, providers, storage } = this.#parts;
    const { historyLagMs, sockets, stopped } = this.report({ disabled: [], failing: [] });
    const { delivered, native } = clients;
    return {
      events: log.head,
      delivered,
      shed: native.shed,
      repeats: log.repeats,
      sockets,
      historyLagMs,
      viewers: notes.summary.viewers,
      stoppedProviders: stopped.length,
      rejected: providers.health(false).reduce((sum, { rejected }) => sum + rejected, 0),
      rowsWritten: countRowsWritten(storage.sql),
    };
  }

  /** The channel's report of itself, with how its webhooks fare. */
  report(webhooks: ChannelReport["webhooks"]): ChannelReport {
    const { log, feed, clients, providers, storage } = this.#parts;
    const waitingSince = findRecordedAfter(storage.sql, feed.fed);
    const isBehind = log.head > feed.fed && waitingSince !== null;
    return {
      historyLagMs: isBehind ? Math.max(0, Date.now() - waitingSince) : 0,
      historyFailures: feed.state.failures,
      sockets: Object.values(clients.byProtocol).reduce((sum, count) => sum + count, 0),
      stopped: providers
        .health(false)
        .filter(({ phase }) => phase === "stopped")
        .map(({ id, protocol, reason }) => ({ id, protocol, reason })),
      webhooks,
    };
  }

  #status(isDetailed: boolean, elsewhere: readonly HubPopulation[]): StatusView {
    const { config, log, notes, feed, clients, providers, storage } = this.#parts;
    const { sql } = storage;
    const { byProtocol, delivered, native } = clients;
    const all = sumPopulations([{ byProtocol, delivered, shed: native.shed }, ...elsewhere]);
    return viewStatus({
      channel: config.id,
      epoch: config.epoch,
      head: log.head,
      stream: notes.stream,
      providers: providers.health(isDetailed),
      connections: log.connections,
      history: {
        fed: feed.fed,
        oldestWaitingAt: findRecordedAfter(sql, feed.fed),
        erasures: listErasures(sql).length,
        ...feed.state,
      },
      sockets: all.byProtocol,
      counters: {
        repeats: log.repeats,
        merged: log.merged,
        delivered: all.delivered,
        shed: all.shed,
        journalRowsWritten: countRowsWritten(sql),
      },
      since: this.#startedAt,
      now: Date.now(),
    });
  }
}
