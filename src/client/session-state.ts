/*
 * One channel's connection, as plain data: what is known of it, what may happen to it, and what is to
 * be done then. Times in milliseconds.
 */
import type { Failure } from "./errors.ts";
import type { Position, StreamEvent } from "./event-types.ts";
import type { Connection } from "./events.ts";
import type { Lists } from "./filter.ts";
import type { Command, Frame } from "./frames.ts";
import type { AuthReason, Gap } from "./types.ts";

/** The ways to be connected. */
export type Via = "socket" | "stream";

/** The settings that never change. */
export interface SessionOptions {
  readonly gaps: "tell" | "fill";
  readonly transport: "auto" | Via;
  /** How many events back it begins where no place is known; null: now. */
  readonly rewind: number | null;
  /** Can a credential be asked for, or is it the one that was given? */
  readonly asks: boolean;
}

/** A connection that has said hello. */
export interface Line {
  readonly id: number;
  readonly via: Via;
  /** The newest place at the hello, or when it began anew: up to there it catches up. */
  readonly head: Position | null;
  readonly openedAt: number;
  readonly liveAt: number | null;
  readonly pingMs: number;
  /** When its ping was set: as it was heard, or within a second before. */
  readonly pingSetAt: number;
  /** The filter it was told last. */
  readonly filter: Lists;
  /** A command: all that comes before its answer is of another place, and is left out. */
  readonly skips: string | null;
  /** There was nothing to rewind over. */
  readonly isEmpty: boolean;
}

/** A connection that is being made. */
export interface Attempt {
  readonly id: number;
  readonly via: Via;
  readonly step: "credential" | "ticket" | "open";
  readonly filter: Lists;
}

/** A command that has no answer yet. */
export interface Asked {
  readonly key: string;
  readonly command: Command;
}

/** The state that is shown: `ConnectionState` as plain data. */
export type Shown =
  | { readonly name: "idle" | "live" }
  | { readonly name: "connecting"; readonly attempt: number; readonly via: Via }
  | { readonly name: "replaying"; readonly behind: number | null }
  | {
      readonly name: "waiting";
      readonly attempt: number;
      readonly nextAt: number;
      readonly reason: Failure;
    }
  | { readonly name: "stopped"; readonly reason: Failure };

export interface SessionState {
  readonly shown: Shown;
  /** Everything up to here was given, or told as a gap. */
  readonly position: Position | null;
  readonly filter: Lists;
  readonly line: Line | null;
  readonly attempt: Attempt | null;
  readonly asked: readonly Asked[];
  /** Connections that failed since it was live for a while. */
  readonly failures: number;
  /** How far down the slow ladder it is. */
  readonly slow: number;
  /** Sockets in a row that were closed before their hello. */
  readonly blocked: number;
  readonly isRefused: boolean;
  /** Why the next credential is asked for; null: the one that is there is good. */
  readonly why: AuthReason | null;
  /** Within how long clients that were cut come back. */
  readonly spreadMs: number;
  readonly wokenAt: number;
  /** The number of the newest attempt, and of the newest command of its own. */
  readonly last: number;
}

export type TimerName =
  | "attempt"
  | "retry"
  | "ping"
  | "pong"
  | "renew"
  | "hand-over"
  | "filter"
  | "rewound"
  | "upgrade";

export type SessionInput =
  | { readonly type: "wanted" }
  | { readonly type: "unwanted" }
  | { readonly type: "place-found"; readonly position: Position }
  | { readonly type: "credential-got"; readonly id: number; readonly lastsMs: number | null }
  | { readonly type: "credential-failed"; readonly id: number; readonly failure: Failure }
  | { readonly type: "ticket-got"; readonly id: number }
  | { readonly type: "ticket-failed"; readonly id: number; readonly failure: Failure }
  | { readonly type: "frame"; readonly id: number; readonly frame: Frame }
  | {
      readonly type: "socket-closed";
      readonly id: number;
      readonly code: number;
      /** Of a stream that was refused. */
      readonly failure?: Failure;
    }
  | { readonly type: "timer"; readonly name: TimerName }
  | { readonly type: "woken" }
  | { readonly type: "filter-changed"; readonly filter: Lists }
  | ({ readonly type: "command-asked" } & Asked)
  | { readonly type: "command-answered"; readonly key: string; readonly answer: CommandAnswer };

export type CommandAnswer =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly failure: Failure };

export type SessionEffect =
  | { readonly type: "credential-ask"; readonly id: number; readonly reason: AuthReason | null }
  | { readonly type: "ticket-ask"; readonly id: number }
  | {
      readonly type: "socket-open";
      readonly id: number;
      readonly via: Via;
      readonly filter: Lists;
      readonly after: Position | null;
      readonly rewind: number | null;
    }
  | { readonly type: "socket-send"; readonly id: number; readonly frame: object }
  | { readonly type: "socket-close"; readonly id: number }
  | { readonly type: "command-post"; readonly key: string; readonly command: Command }
  | { readonly type: "command-settle"; readonly key: string; readonly answer: CommandAnswer }
  | {
      readonly type: "welcome-give";
      readonly connections: readonly Connection[];
      readonly time: string | null;
    }
  /** Events in order, and the place that is reached with them. */
  | {
      readonly type: "events-give";
      readonly events: readonly StreamEvent[];
      readonly from: Position;
      readonly to: Position;
      readonly head: Position | null;
    }
  | { readonly type: "gap-give"; readonly gap: Gap }
  | { readonly type: "error-tell"; readonly failure: Failure }
  | { readonly type: "timer-set"; readonly name: TimerName; readonly ms: number }
  | { readonly type: "timer-clear"; readonly name: TimerName }
  | { readonly type: "state-tell"; readonly shown: Shown };

export const EVERYTHING: Lists = { types: [], providers: [], platforms: [] };

/** A channel that nobody has asked for yet. */
export const IDLE: SessionState = {
  shown: { name: "idle" },
  position: null,
  filter: EVERYTHING,
  line: null,
  attempt: null,
  asked: [],
  failures: 0,
  slow: 0,
  blocked: 0,
  isRefused: false,
  why: null,
  spreadMs: 0,
  wokenAt: 0,
  last: 0,
};
