import type { StatusView } from "../../calls/status.ts";
import type { Placed } from "../../channel/channel.ts";
import type { ConnectionMap } from "../../channel/connection-map.ts";
import type { Answer } from "../../event/answer.ts";
import type { EventDraft } from "../../event/event.ts";
import type { ChannelId, Epoch, ProviderId, Seq } from "../../event/ids.ts";
import type { Principal } from "../../event/principal.ts";
import type { SendAsk, SendRefusal, SendTaken } from "../../event/sending.ts";
import type { ChannelRecord } from "../../store/history/channels.ts";
import type { HeldGround } from "../../store/hub/feeds.ts";
import type { Authority, Denial } from "../authority.ts";
import type { Errands } from "../errands.ts";
import type { Providers } from "../providers/providers.ts";
import type { ChannelAlarms } from "./alarms.ts";
import type { ChannelErrand } from "./end.ts";
import type { HistoryWriter } from "./history-writer.ts";
import type { HubFanout } from "./hub-fanout.ts";
import type { ChannelLog } from "./log.ts";
import type { ChannelPace } from "./pace.ts";
import type { StreamTracker } from "./stream-tracker.ts";
import type { ViewerInterface } from "./viewer-interface.ts";

/** The parts that an object has as soon as it has kept anything, with a channel or without. */
export interface Household {
  readonly alarms: ChannelAlarms;
  readonly errands: Errands<ChannelErrand>;
}

/*
 * The questions that a channel's parts may ask of it. `ChannelRuntime` implements all of these and
 * hands itself to each part, which sees the ports that it names and nothing else. No part calls a
 * method of a port while it is being made: the others may not be there yet.
 */

/** The channel as it is: where it is kept, which it is, and how far its log goes. */
export interface ChannelPort {
  readonly ctx: DurableObjectState;
  readonly storage: DurableObjectStorage;
  /** The database that the channel's history is in, with the archive. */
  readonly db: D1Database;
  /** Of these nothing changes while the object is in memory. */
  readonly channel: { readonly id: ChannelId; readonly number: number; readonly epoch: Epoch };
  /** Tells who may do what on the channel, as it is now. */
  readonly authority: Authority;
  readonly pace: ChannelPace;
  head(): Seq;
}

/** Ways to put something into the channel, for its clients and for its own parts. */
export interface InputPort {
  /**
   * Writes events of the relay's own or of its clients, as one group; resolves once they are on
   * disk. Never rejects.
   */
  record(drafts: readonly EventDraft[], provider: ProviderId): Promise<Placed>;
  /** Takes a send on, or says at once why it cannot be. */
  send(principal: Principal, ask: SendAsk): Answer<SendTaken, SendRefusal>;
  /**
   * The channel's status, for a principal that may read it; in detail for one that may manage it.
   */
  status(principal: Principal): Answer<StatusView, Denial> | Promise<Answer<StatusView, Denial>>;
}

/** Reasons for the object to be woken, or to look at what it has to do. */
export interface WakePort {
  /** There are more or fewer who listen. */
  populationChanged(): void;
  /** Is something under way that must be gone on with, should the object go from memory? */
  keepAlarm(name: "outbox" | "webhooks", isNeeded: boolean): void;
  /** Log-ins with providers have something to do at a time; null for never. */
  wakeForLogIns(at: number | null): void;
}

/** The parts that a view of the channel is made from. */
export interface ViewPort extends Pick<ChannelPort, "storage"> {
  readonly config: ChannelRecord;
  readonly ground: HeldGround;
  readonly log: Pick<ChannelLog, "head" | "repeats" | "merged"> & {
    readonly connections: ConnectionMap;
  };
  readonly notes: Pick<StreamTracker, "stream" | "summary" | "lastEvents">;
  readonly feed: Pick<HistoryWriter, "fed" | "state">;
  readonly clients: {
    readonly byProtocol: Record<string, number>;
    readonly delivered: number;
    readonly native: { readonly shed: number };
  };
  readonly hubs: Pick<HubFanout, "count" | "populations">;
  readonly providers: Pick<Providers, "health">;
  readonly viewerInterface: Pick<ViewerInterface, "shown">;
}
