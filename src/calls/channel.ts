import type { Answer } from "../event/answer.ts";
import type { Erasure } from "../event/erasure.ts";
import type { EventDraft } from "../event/event.ts";
import type { Filter } from "../event/filter.ts";
import type { Gap } from "../event/gap.ts";
import type { Epoch, ProviderId, Seq } from "../event/ids.ts";
import type { Position } from "../event/position.ts";
import type { Principal, Scope } from "../event/principal.ts";
import type { SendAsk, SendRefusal } from "../event/sending.ts";
import type { Connection } from "../event/shapes.ts";
import type { Viewer, ViewerAnswer, ViewerCall } from "../event/viewer.ts";
import type { ChannelRecord } from "../store/history/channels.ts";
import type { Page } from "../store/history/pages.ts";
import type { HeldGround } from "../store/hub/feeds.ts";
import type { LoggedEvent } from "../store/logged-event.ts";

/*
 * What the door may ask of a channel's object, and what it is answered: the seam between `http/` and
 * `objects/`, which never import each other. Everything here crosses as plain data.
 */

/** What only a channel that is there can answer. */
type IfThere<T> = Answer<T, "channel_not_found">;

/** Why somebody may not do what they ask for. */
type Denial = "unauthorized" | "forbidden";

/**
 * The calls of a channel's object. A socket is asked for with `fetch` and a `SocketWish`. What acts
 * says for whom: the object looks itself whether they may, as the channel is by then.
 */
export interface ChannelCalls {
  /** The channel was made or changed: reads it anew. False if there is none. */
  refresh(): Promise<boolean>;
  /**
   * Keeps what is wanted up; from a cron, for an object whose alarm was lost. `seen`: how the
   * database has the channel, for one that has not heard of a change.
   */
  ensure(seen?: ChannelMark): Promise<void>;
  /**
   * The channel of this number is gone: nothing of it or of an earlier one stays. Once it has
   * answered that is so, and to be asked again changes nothing.
   */
  destroy(number: number): Promise<void>;
  /**
   * Writes posted events; answers their places. The same key again has its first one's place, and
   * the same request within a day those of its first time.
   */
  post(
    principal: Principal,
    drafts: readonly EventDraft[],
    bytes: number,
    provider?: ProviderId,
    request?: string | null,
  ): Promise<Answer<readonly Seq[], "channel_not_found" | "invalid_input" | Denial>>;
  /** The newest end of the log, for a page of history between two places. */
  frontier(query: FrontierQuery): Promise<IfThere<Frontier>>;
  /** The place of the last event recorded before a time; null if only history can tell. */
  seqBefore(time: number): Promise<Seq | null>;
  /** One event, if the journal still has it, and how to read it from the database if not. */
  eventAt(epoch: Epoch, seq: Seq): Promise<IfThere<EventPlace>>;
  connections(): Promise<ConnectionView[]>;
  /** Takes a send on: its outcome is told by events. */
  send(principal: Principal, ask: SendAsk): Promise<Answer<{ sendId: string }, SendRefusal>>;
  /** Answers what a viewer's page asks for, as its protocol has it. */
  callOfViewer(
    principal: Principal,
    call: ViewerCall,
    viewer: Viewer,
  ): Promise<Answer<ViewerAnswer, "channel_not_found" | Denial>>;
  /** How it fares; in detail for somebody who may manage it. */
  status(principal: Principal): Promise<Answer<StatusView, AdmitRefusal>>;
  listProviders(): Promise<ProviderView[]>;
  findProvider(id: string): Promise<ProviderView | null>;
  /** The same request within a day adds no other. */
  addProvider(
    principal: Principal,
    input: ProviderInput,
    request: string | null,
  ): Promise<Answer<ProviderView, ProviderRefusal>>;
  /** `expectedAt`: only if it was last changed then; null for no matter when. */
  changeProvider(
    principal: Principal,
    id: string,
    input: Omit<ProviderInput, "protocol">,
    expectedAt: number | null,
  ): Promise<Answer<ProviderView, ProviderRefusal>>;
  removeProvider(principal: Principal, id: string): Promise<Answer<null, ProviderRefusal>>;
  reconnectProvider(
    principal: Principal,
    id: string,
    request: string | null,
  ): Promise<Answer<ProviderView, ProviderRefusal>>;
  /** Keeps a ticket of somebody who may read it, and until when. */
  keepTicket(
    principal: Principal,
    digest: string,
    expiresAt: number,
  ): Promise<Answer<null, AdmitRefusal>>;
  /** A credential no longer holds: neither do the sockets and tickets that it was good for. */
  dismiss(credentialId: string): Promise<void>;
  /** Asks every client to come back on a new socket within the given time. */
  handOver(spreadMs: number): Promise<void>;
  /** A hub holds sockets of this channel, or still does: it is told what comes after `head`. */
  attach(hub: string, term: number): Promise<IfThere<LogHead>>;
  /** It holds none any more, unless it has come anew since. */
  detach(hub: string, term: number): Promise<void>;
  /** The channel as it is. */
  look(): Promise<IfThere<ChannelNow>>;
  /** The channel as it is, for somebody who may read it. */
  admit(principal: Principal): Promise<Answer<ChannelNow, AdmitRefusal>>;
  /** The next events of a stretch, for a hub that lacks them. Of this incarnation only. */
  readLog(epoch: Epoch, query: LogQuery): Promise<IfThere<Page>>;
  /** Where to go on after a position, and what was missed. */
  resume(after: Position): Promise<IfThere<{ from: Seq; gap: Gap | null }>>;
  /** The place after which the last `count` events that the filter lets through begin. */
  rewind(count: number, filter: Filter, party: string): Promise<IfThere<Seq>>;
}

/** Which channel it is, and as it was changed last. */
export interface ChannelMark {
  readonly number: number;
  readonly updatedAt: number;
}

/** The calls of a hub: an object that holds sockets of several channels. */
export interface HubCalls {
  /** What has happened on a channel since. False if nobody here follows it. */
  deliver(channel: string, epoch: Epoch, batch: LogBatch): Promise<boolean>;
  /** Sees to what is to be done; from a cron, for a hub whose alarm was lost. */
  ensure(): Promise<void>;
  /** A channel is gone, and its sockets with it. */
  gone(channel: string, epoch: Epoch): Promise<void>;
  /** A channel was opened to everybody, or is so no more: then whoever was no other right has to go. */
  changed(channel: string, ground: HeldGround): Promise<void>;
  /** How many sockets follow a channel, by what they speak, and what they were given. */
  population(channel: string): Promise<HubPopulation>;
  /** A credential no longer holds: neither do the sockets opened with it. */
  dismiss(credentialId: string): Promise<void>;
  /** Asks every client to come back on a new socket within the given time. */
  handOver(spreadMs: number): Promise<void>;
}

/** Which incarnation of a log it is, and how far it goes. */
export interface LogHead {
  readonly epoch: Epoch;
  readonly head: Seq;
  /** What decides who may read it. */
  readonly ground: HeldGround;
}

/** A stretch of the log that a hub asks for. */
export interface LogQuery {
  readonly after: Seq;
  readonly upTo: Seq;
  readonly filter: Filter;
  readonly raw: boolean;
}

/** A stretch of the log as a hub is told of it: the events as JSON, with their providers' words. */
export interface LogBatch {
  readonly from: Seq;
  readonly to: Seq;
  readonly texts: readonly string[];
  readonly raws: readonly (string | null)[];
  /** What decides who may read it, as it is by then: it goes with what there is to read. */
  readonly ground: HeldGround;
}

/** A channel as it is at one place of its log. */
export interface ChannelNow {
  readonly ground: HeldGround;
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly epoch: Epoch;
  readonly head: Seq;
  readonly connections: readonly Connection[];
  readonly stream: StatusView["stream"];
}

/** Why somebody may not follow a channel. */
export type AdmitRefusal = Denial | "channel_not_found" | "unavailable";

export interface HubPopulation {
  readonly byProtocol: Readonly<Record<string, number>>;
  readonly delivered: number;
  readonly shed: number;
}

/** The header in which a socket's wish is handed over, as percent-encoded JSON. */
export const SOCKET_REQUEST_HEADER = "x-tributary-wish";

/** Where a socket is to begin, and what it is to hear. The door has checked all of it. */
export interface SocketRequest {
  readonly dialect: "tributary.v1" | "cloudevents.json" | "sse";
  readonly filter: Filter;
  readonly raw: boolean;
  readonly after: Position | null;
  readonly rewind: number | null;
  /** The channel as the door has just found it. */
  readonly channel: ChannelRecord;
  /** Who asks; null where a ticket says so. */
  readonly principal: Principal | null;
  readonly ticketDigest: string | null;
  /** The party at the address that asks: tells apart those that have no credential. */
  readonly from: string;
}

/** An object holds as many sockets of a channel as it may: this one is for the next. */
export interface Crowded {
  readonly code: "crowded";
  /** Whose the socket is to be: a ticket is good for once. */
  readonly principal: Principal | null;
}

/** The header that tells a hub which channel a socket is of, where that is known from the start. */
export const CHANNEL_HEADER = "x-tributary-channel";

/** The header that tells a hub to take a socket however many it has: there is no other. */
export const NO_OTHER_HEADER = "x-tributary-no-other";

/** The header in which the wish for a gateway's socket is handed over, as percent-encoded JSON. */
export const GATEWAY_HEADER = "x-tributary-gateway";

/** Plain data, for nobody but the gateway's own session. */
type GatewayAbout = string | number | null | { readonly [key: string]: GatewayAbout };

/** A socket that speaks another protocol than our own. The door has let it in. */
export interface GatewayUpgrade {
  readonly protocol: string;
  /** What the session is to know of the address. Never a credential. */
  readonly about: GatewayAbout;
  /** Who asks; null where the credential comes in a frame. */
  readonly principal: Principal | null;
  /** What the socket has to be allowed for as long as it is there. */
  readonly needs: Scope;
  /** The channel as the door has just found it; null for a socket that names its channels in frames. */
  readonly channel: ChannelRecord | null;
  /** What another socket was given to be brought here; null for nothing. */
  readonly bring: string | null;
  /** The party at the address that asks: tells apart those that have no credential. */
  readonly from: string;
}

/** A stretch of the log: after one place, up to another. */
export interface FrontierQuery {
  readonly after: Seq;
  readonly upTo: Seq;
  readonly order: "asc" | "desc";
  readonly filter: Filter;
  readonly limit: number;
}

/** What a page of history has to know of the log's newest end. */
export interface Frontier {
  readonly epoch: Epoch;
  readonly head: Seq;
  /** Up to where the database has everything. */
  readonly fed: Seq;
  /** A read of the database that carries this sees all of that. */
  readonly bookmark: string | null;
  /** What the database still has in full and must not be shown. */
  readonly erasures: readonly Erasure[];
  /** The part of the page that the database does not have yet. */
  readonly tail: Page;
}

/** Where one event is found. */
export interface EventPlace {
  /** Null if the journal does not have it, or no longer. */
  readonly event: LoggedEvent | null;
  /** As in a `Frontier`. */
  readonly bookmark: string | null;
  readonly erasures: readonly Erasure[];
}

/** What is needed to link a provider; of a change, only what changes. */
export interface ProviderInput {
  readonly protocol: string;
  readonly target?: Record<string, unknown>;
  readonly credentials?: Record<string, unknown>;
  readonly url?: string | null;
  readonly mode?: "always" | "on_demand" | null;
  readonly enabled?: boolean;
}

export type ProviderRefusal =
  | Denial
  | "invalid_input"
  | "protocol_unknown"
  | "provider_not_found"
  | "connection_claimed"
  | "conflict"
  | "channel_not_found";

/** A provider as the API shows it: never with its credentials. Times as RFC 3339. */
export interface ProviderView {
  readonly id: string;
  readonly protocol: string;
  readonly target: Record<string, unknown>;
  readonly url: string | null;
  readonly mode: "always" | "on_demand" | null;
  readonly enabled: boolean;
  readonly createdAt: string;
  /** When it was last changed, in milliseconds: what its entity tag is made of. */
  readonly updatedAt: number;
}

/** An entry of the connection map as the API shows it. */
export interface ConnectionView extends Connection {
  readonly provider: string;
  readonly since: string;
  readonly lastEventAt: string | null;
}

/** How a provider fares. */
export interface ProviderHealth {
  readonly id: string;
  readonly protocol: string;
  readonly phase: "idle" | "dialling" | "open" | "waiting" | "stopped";
  readonly since: string | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly attempts: number;
  readonly nextDialAt: string | null;
  readonly lastFrameAt: string | null;
  /** Frames that could not be read. */
  readonly rejected: number;
  /** The last of them, without secrets; for those who may manage the channel. */
  readonly rejects?: { at: string; problem: string; start: string }[];
}

/** A channel's status. */
export interface StatusView {
  readonly channel: string;
  readonly position: string;
  readonly stream: {
    readonly live: boolean | null;
    readonly since: string | null;
    readonly viewers: number | null;
  };
  readonly providers: ProviderHealth[];
  readonly history: {
    readonly position: string;
    readonly lagEvents: number;
    readonly lagMs: number;
    /** What was erased and history still has: it is not shown, and goes in the background. */
    readonly erasures: number;
    readonly failures: number;
    readonly lastError: string | null;
  };
  readonly sockets: { readonly count: number; readonly byProtocol: Record<string, number> };
  readonly counters: {
    readonly since: string;
    readonly events: number;
    readonly repeats: number;
    readonly delivered: number;
    readonly shed: number;
    readonly rejected: number;
    /** Rows written, as they are billed: in the object's own journal, and in the database. */
    readonly journalRowsWritten: number;
    readonly historyRowsWritten: number;
    /** Events that the database refused as they are: it has them without what their provider said. */
    readonly historyReduced: number;
  };
}
