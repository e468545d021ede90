import type { Filter } from "../event/filter.ts";
import type { Epoch, Seq } from "../event/ids.ts";
import type { HeldGround } from "../store/hub/feeds.ts";
import type { HubReport } from "./report.ts";
import type { SocketPage, SocketView } from "./socket-view.ts";

/** The calls of a hub: an object that holds sockets of several channels. */
export interface HubCalls {
  /**
   * Takes what has happened on a channel, of which it may have some already. Answers up to where its
   * sockets have the log by then; null if nobody here follows the channel.
   */
  deliver(channel: string, epoch: Epoch, batch: LogBatch): Promise<HubPlace | null>;
  /** Sees to what is to be done; from a cron, for a hub whose alarm was lost. */
  ensure(): Promise<HubReport>;
  /** A channel is gone, and its sockets with it. */
  gone(channel: string, epoch: Epoch): Promise<void>;
  /**
   * A channel was opened to everybody, or is so no more: then whoever was no other right has to go.
   */
  changed(channel: string, ground: HeldGround): Promise<void>;
  /** How many sockets follow a channel, by what they speak, and what they were given. */
  population(channel: string): Promise<HubPopulation>;
  /** A page of the sockets here that follow a channel. */
  sockets(channel: string, page: SocketPage): Promise<SocketView[]>;
  /** Closes one of them for good; false if it is not here. */
  endSocket(channel: string, id: string): Promise<boolean>;
  /** A credential no longer holds: neither do the sockets opened with it. */
  dismiss(credentialId: string): Promise<void>;
  /**
   * Asks every client to come back on a new socket within the given time; without native ones, those
   * whose protocol gives them a token to go on with.
   */
  handOver(spreadMs: number, hasNative?: boolean): Promise<void>;
}

/** The counts of what a hub's sockets of a channel were given since it last said so. */
export interface HubGiven {
  readonly delivered: number;
  readonly shed: number;
}

/** Up to where a hub's sockets have been given a channel's log: what comes next begins here. */
export interface HubPlace extends Partial<HubGiven> {
  readonly at: Seq;
}

/** Which incarnation of a log it is, and how far it goes. */
export interface LogHead {
  readonly epoch: Epoch;
  readonly head: Seq;
  /** The facts that decide who may read it. */
  readonly ground: HeldGround;
}

/** A range of the log that a hub asks for. */
export interface LogQuery {
  readonly after: Seq;
  readonly upTo: Seq;
  readonly filter: Filter;
  readonly raw: boolean;
}

/** A range of the log as a hub is told of it: the events as JSON, with their providers' words. */
export interface LogBatch {
  readonly from: Seq;
  readonly to: Seq;
  readonly texts: readonly string[];
  readonly raws: readonly (string | null)[];
  /** The facts that decide who may read it by then: they go with what there is to read. */
  readonly ground: HeldGround;
}

/** How many sockets there are by what they speak, and what they were given. */
export interface HubPopulation {
  readonly byProtocol: Readonly<Record<string, number>>;
  readonly delivered: number;
  readonly shed: number;
}
