import type { ChannelNow, ConnectionView, HubPopulation, StatusView } from "../../calls/channel.ts";
import { listed, toConnection } from "../../channel/connection-map.ts";
import type { ChannelFacts } from "../../protocols/gateway-session.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import { listErasures } from "../../store/journal/erasures.ts";
import { recordedAfter } from "../../store/journal/groups.ts";
import { rowsWritten } from "../../store/object/write.ts";
import type { Providers } from "../providers/providers.ts";
import type { HistoryFeed } from "./history-writer.ts";
import { together } from "./hub-fanout.ts";
import type { HubLines } from "./hub-fanout.ts";
import type { ChannelLog } from "./log.ts";
import type { ChannelSockets } from "./sockets.ts";
import type { ChannelNotes } from "./stream-tracker.ts";
import type { ChannelBoard } from "./viewer-interface.ts";
import { connectionViews, statusView } from "./views.ts";

/** The parts of a channel at work that can be looked at. */
export interface ViewedParts {
  readonly config: ChannelRecord;
  readonly log: ChannelLog;
  readonly notes: ChannelNotes;
  readonly feed: HistoryFeed;
  readonly clients: ChannelSockets;
  readonly hubs: HubLines;
  readonly providers: Providers;
  readonly board: ChannelBoard;
}

/** A channel as it is in this very moment, for all who ask. */
export class ChannelViews {
  readonly #sql: SqlStorage;
  readonly #parts: ViewedParts;
  readonly #startedAt = Date.now();

  constructor(sql: SqlStorage, parts: ViewedParts) {
    this.#sql = sql;
    this.#parts = parts;
  }

  get config(): ChannelRecord {
    return this.#parts.config;
  }

  /** What a gateway's session is to know of it. */
  facts(): ChannelFacts {
    const { config, log, notes, board } = this.#parts;
    const { id, number, name } = config;
    const connections = listed(log.connections).map(toConnection);
    const { head } = log;
    return { id, number, name, head, connections, stream: notes.summary, interface: board.shown };
  }

  /** The same, with the incarnation that it is true of. */
  now(): ChannelNow {
    return { ...this.facts(), epoch: this.#parts.config.epoch };
  }

  connections(): ConnectionView[] {
    return connectionViews(this.#parts.log.connections, this.#parts.notes.lastEvents);
  }

  status(isDetailed: boolean): StatusView | Promise<StatusView> {
    const { hubs } = this.#parts;
    if (hubs.count === 0) return this.#status(isDetailed, []);
    return hubs.populations().then((elsewhere) => this.#status(isDetailed, elsewhere));
  }

  #status(isDetailed: boolean, elsewhere: readonly HubPopulation[]): StatusView {
    const { config, log, notes, feed, clients, providers } = this.#parts;
    const { byProtocol, delivered, native } = clients;
    const all = together([{ byProtocol, delivered, shed: native.shed }, ...elsewhere]);
    return statusView({
      channel: config.id,
      epoch: config.epoch,
      head: log.head,
      stream: notes.stream,
      providers: providers.health(isDetailed),
      history: {
        fed: feed.fed,
        oldestWaitingAt: recordedAfter(this.#sql, feed.fed),
        erasures: listErasures(this.#sql).length,
        ...feed.state,
      },
      sockets: all.byProtocol,
      counters: {
        repeats: log.repeats,
        delivered: all.delivered,
        shed: all.shed,
        journalRowsWritten: rowsWritten(this.#sql),
      },
      since: this.#startedAt,
      now: Date.now(),
    });
  }
}
