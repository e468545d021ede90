import type { TributaryError } from "./errors.ts";
import type { EventType, Filter, Position, StreamEvent, TypePattern } from "./event-types.ts";
import type { Connection } from "./events.ts";

/** Time, timers and chance, for tests. */
export interface Clock {
  now(): number;
  /** Runs something later; answers how to have it not run. */
  setTimer(ms: number, run: () => void): () => void;
  /** At least 0, and less than 1. */
  random(): number;
}

/** A WebSocket's class, as browsers have it. */
export type WebSocketConstructor = new (url: string | URL, protocols?: string[]) => WebSocket;

export interface TributaryOptions {
  /** The relay's address. A page that the relay serves may leave it out. */
  readonly url?: string | URL;
  /** A credential, or a function that gets one. Left out: what is public. */
  readonly auth?: string | AuthProvider;
  readonly fetch?: typeof globalThis.fetch;
  /** Node 20: from `ws`. */
  readonly WebSocket?: WebSocketConstructor;
  readonly clock?: Clock;
}

export type AuthProvider = (request: AuthRequest) => Promise<string | Credential | null>;

export interface AuthRequest {
  readonly channel: string;
  /** Nothing yet, about to run out, ran out (4103), refused (401), revoked (4001). */
  readonly reason: AuthReason;
  readonly signal: AbortSignal;
}

export type AuthReason = "first" | "expiring" | "expired" | "refused" | "revoked";

export interface Credential {
  readonly value: string;
  readonly expiresAt?: string | Date;
}

/** The beginning of a channel where no place is kept. */
export type Start =
  | "now"
  | { readonly after: Position }
  | { readonly rewind: number }
  | { readonly since: string | Date };

export interface ChannelOptions {
  /** "now" unless told otherwise. */
  readonly from?: Start;
  /** Names the place that is kept, so that it survives a reload: "alerts", "bot". */
  readonly consumer?: string;
  /** The store that keeps it. With a consumer: sessionStorage in a page, else memory. null: nowhere. */
  readonly positions?: PositionStore | null;
  /** "tell": a gap is an event. "fill": what a slow socket was not sent is asked for again, in order. */
  readonly gaps?: "tell" | "fill";
  /** "auto": a socket; a stream where two sockets in a row could not be opened though the relay answers. */
  readonly transport?: "auto" | "socket" | "stream";
  /** How long it stays connected when nobody listens any more. 5,000. */
  readonly lingerMs?: number;
}

export interface PositionStore {
  load(name: string): Position | null | Promise<Position | null>;
  save(name: string, position: Position): void | Promise<void>;
}

/** A range of the log that was not sent. */
export interface Gap {
  readonly from: Position;
  readonly to: Position;
  /** `slow`: it was read too slowly. `expired`: no longer kept. `unknown_position`: of another log. */
  readonly cause: "slow" | "expired" | "unknown_position";
  /** How many events were left out; null where nobody can know. */
  readonly shed: number | null;
  /** They are given after all, before what comes after them. */
  readonly filled: boolean;
}

export interface ChannelEventMap {
  state: { readonly from: ConnectionState; readonly to: ConnectionState };
  gap: Gap;
  connections: ReadonlyMap<string, Connection>;
  /** A handler threw, or a frame made no sense. */
  error: unknown;
}

export type ConnectionState =
  | { readonly name: "idle" }
  | { readonly name: "connecting"; readonly attempt: number; readonly via: "socket" | "stream" }
  | { readonly name: "replaying"; readonly behind: number | null }
  | { readonly name: "live" }
  | {
      readonly name: "waiting";
      readonly attempt: number;
      readonly nextAt: number;
      readonly reason: TributaryError;
    }
  | { readonly name: "stopped"; readonly reason: TributaryError };

export interface Delivery {
  /** It happened after the socket was up to date; false while replaying, filling, or from history. */
  readonly live: boolean;
  /** How old it is by the relay's clock, in milliseconds. */
  readonly age: number;
}

export interface ListenOptions {
  /** Ends the listening. */
  readonly signal?: AbortSignal;
}

/** Ends the listening. */
export type Off = () => void;

export interface OutgoingMessage {
  readonly text: string;
  /** "emote" is /me. */
  readonly kind?: "text" | "emote";
  /** Connections by identifier. Left out: all that can be written to. */
  readonly to?: readonly string[];
  readonly as?: string;
  readonly replyTo?: string;
  /** Left out: made by the SDK, so that a send that has to be asked for again is the same send. */
  readonly sendId?: string;
}

export interface Send {
  readonly sendId: string;
  readonly targets: readonly string[];
  /** One entry a target as each ends; then it is done. */
  [Symbol.asyncIterator](): AsyncIterator<SendOutcome>;
  readonly settled: Promise<ReadonlyMap<string, SendOutcome>>;
}

export type SendOutcome =
  | { readonly target: string; readonly ok: true }
  | {
      readonly target: string;
      readonly ok: false;
      readonly reason: string;
      readonly retryable: boolean;
      /** Seconds. */
      readonly retryAfter?: number;
    };

export interface HistoryQuery<P extends TypePattern = TypePattern> extends Filter<P> {
  readonly after?: Position;
  readonly before?: Position;
  /** "desc" unless told otherwise: newest first. */
  readonly order?: "asc" | "desc";
  readonly since?: string | Date;
  readonly until?: string | Date;
  /** How many at most, over all pages. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface HistoryPage<E = StreamEvent> {
  readonly events: readonly E[];
  /** The place where the next page begins; null for none. */
  readonly next: Position | null;
  readonly hasMore: boolean;
  /** A part of what was asked for that is no longer kept. */
  readonly gap?: Omit<Gap, "filled">;
}

/** The events of the past, read page by page as they are asked for. */
export interface History<E = StreamEvent> extends AsyncIterable<E> {
  pages(): AsyncIterableIterator<HistoryPage<E>>;
}

/** An event to be posted. */
export interface NewEvent {
  readonly type: EventType | `custom.${string}`;
  readonly data: Record<string, unknown>;
  readonly subject?: string;
  readonly time?: string;
  readonly platform?: string;
  /** Names the occurrence: posted again, it is the same event. */
  readonly key?: string;
  readonly test?: boolean;
}

/** A problem of the relay's (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly requestId?: string;
  readonly errors?: readonly {
    readonly pointer?: string;
    readonly parameter?: string;
    readonly detail: string;
  }[];
}
