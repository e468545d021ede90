import type { Answer } from "../event/answer.ts";
import type { UserKey } from "../event/erasure.ts";
import type { EventDraft } from "../event/event.ts";
import type { Filter } from "../event/filter.ts";
import type { Gap } from "../event/gap.ts";
import type { Epoch, ProviderId, Seq } from "../event/ids.ts";
import type { Position } from "../event/position.ts";
import type { Principal } from "../event/principal.ts";
import type { SendAsk, SendRefusal, SendTaken } from "../event/sending.ts";
import type { Connection } from "../event/shapes.ts";
import type { Viewer, ViewerAnswer, ViewerCall } from "../event/viewer.ts";
import type { SealedLeft } from "../lib/sealed-left.ts";
import type { Page } from "../store/history/pages.ts";
import type { HistoryState } from "../store/history/places.ts";
import type { HeldGround } from "../store/hub/feeds.ts";
import type {
  AuthorizationInput,
  AuthorizationRefusal,
  AuthorizationView,
  Consent,
  ConsentOutcome,
} from "./authorization.ts";
import type { EventPlace, Frontier, FrontierQuery } from "./history.ts";
import type { LogHead, LogQuery } from "./hub.ts";
import type { MetricsQuery, MetricsView } from "./metrics.ts";
import type { ConnectionView, ProviderInput, ProviderRefusal, ProviderView } from "./provider.ts";
import type { AdmitRefusal, Denial, IfThere, SocketRefusal } from "./refusals.ts";
import type { ChannelReport } from "./report.ts";
import type { SocketPage, SocketView } from "./socket-view.ts";
import type { StatusView } from "./status.ts";

/*
 * The seam between `http/` and `objects/`, which never import each other: the questions to an object
 * and its answers. Everything here crosses as plain data. What the API shows as well is a schema: the
 * types of the calls and the components of the API's document are both made of it.
 */

/**
 * The calls of a channel's object. A socket is asked for with `fetch` and a `SocketRequest`. What acts
 * says for whom: the object looks itself whether they may, as the channel is by then.
 */
export interface ChannelCalls {
  /** The channel was made or changed: reads it anew. False if there is none. */
  refresh(): Promise<boolean>;
  /**
   * Keeps what is wanted up; from a cron, for an object whose alarm was lost. `seen`: how the
   * database has the channel, for one that has not heard of a change: it answers how it fares.
   */
  ensure(seen?: ChannelMark): Promise<ChannelReport | null>;
  /**
   * Seals anew what the master key before has sealed, here and in the channel's webhooks, as far as
   * one call goes. Answers what is left.
   */
  reseal(): Promise<SealedLeft>;
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
  /**
   * Begins to forget somebody on the channel of this number, as of a time: their words, names and
   * ids, in the log and in the queues of its webhooks. To be asked again changes nothing.
   */
  forget(number: number, person: UserKey, askedAt: number): Promise<void>;
  /** Is there still something left to be done of that? */
  isForgetting(number: number, person: UserKey): Promise<boolean>;
  /** The newest end of the log, for a page of history between two places. */
  frontier(query: FrontierQuery): Promise<Answer<Frontier, "channel_not_found" | "unavailable">>;
  /** The place of the last event recorded before a time; null if only history can tell. */
  seqBefore(time: number): Promise<Seq | null>;
  /** One event, if the journal still has it, and how to read it from the database if not. */
  eventAt(epoch: Epoch, seq: Seq): Promise<Answer<EventPlace, "channel_not_found" | "unavailable">>;
  /**
   * Something that a provider said to the relay of a key that a link of the channel of this number has
   * claimed. Resolves once what it tells is on disk; false where no link hears it. The same again within a
   * day tells nothing more.
   */
  hear(number: number, protocol: string, key: string, frame: string): Promise<boolean>;
  connections(): Promise<ConnectionView[]>;
  /** Takes a send on: its outcome is told by events. */
  send(principal: Principal, ask: SendAsk): Promise<Answer<SendTaken, SendRefusal>>;
  /** Answers what a viewer's page asks for, as its protocol has it. */
  callOfViewer(
    principal: Principal,
    call: ViewerCall,
    viewer: Viewer,
  ): Promise<Answer<ViewerAnswer, "channel_not_found" | Denial>>;
  /** How it fares; in detail for somebody who may manage it. */
  status(principal: Principal): Promise<Answer<StatusView, AdmitRefusal>>;
  /** Its figures by the minute. */
  metrics(principal: Principal, query: MetricsQuery): Promise<Answer<MetricsView, AdmitRefusal>>;
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
  /** Begins a log-in with a provider. The same request within a day begins no other. */
  beginAuthorization(
    principal: Principal,
    input: AuthorizationInput,
    redirectUri: string,
    request: string | null,
  ): Promise<Answer<AuthorizationView, AuthorizationRefusal>>;
  listAuthorizations(
    principal: Principal,
  ): Promise<Answer<AuthorizationView[], AuthorizationRefusal>>;
  findAuthorization(
    principal: Principal,
    id: string,
  ): Promise<Answer<AuthorizationView, AuthorizationRefusal>>;
  /** Takes a log-in away: what comes back of it comes to nothing. */
  dropAuthorization(principal: Principal, id: string): Promise<Answer<null, AuthorizationRefusal>>;
  /** Takes what a provider sent somebody back with, once; null where there is no such log-in. */
  finishAuthorization(id: string, consent: Consent): Promise<ConsentOutcome | null>;
  /** A page of its sockets, in the object and in hubs. */
  sockets(principal: Principal, page: SocketPage): Promise<Answer<SocketView[], AdmitRefusal>>;
  /** Closes one of them for good. */
  endSocket(principal: Principal, id: string): Promise<Answer<null, SocketRefusal>>;
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
  /**
   * A hub holds sockets of this channel, or still does: it is given what comes after `at`, up to
   * where it has everything; null for what comes after the answer's `head`.
   */
  attach(hub: string, lease: number, at: Seq | null): Promise<IfThere<LogHead>>;
  /** It holds none any more, unless it has come anew since. */
  detach(hub: string, lease: number): Promise<void>;
  /** The channel as it is. */
  look(): Promise<IfThere<ChannelNow>>;
  /** The channel as it is, for somebody who may read it. */
  admit(principal: Principal): Promise<Answer<ChannelNow, AdmitRefusal>>;
  /** The next events of a range, for a hub that lacks them. Of this incarnation only. */
  readLog(epoch: Epoch, query: LogQuery): Promise<IfThere<Page>>;
  /** Finds where to go on after a position, and the gap. */
  resume(after: Position): Promise<IfThere<{ from: Seq; gap: Gap | null }>>;
  /** The place after which the last `count` events that the filter lets through begin. */
  rewind(count: number, filter: Filter, party: string): Promise<IfThere<Seq>>;
}

/** Which channel it is, and as it was changed last. */
export interface ChannelMark {
  readonly number: number;
  readonly updatedAt: number;
  /** How far its history goes; null where that could not be asked. */
  readonly history: HistoryState | null;
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
  /**
   * The interface that its viewers see, as JSON, since a call's types have no name for data of any
   * depth: `{}` once it was taken away, null for none.
   */
  readonly interface: string | null;
}
