import type { Truth } from "../kit/truth.ts";
import type { Interface } from "./interface.ts";
import type { WarningName } from "./wire.ts";

/** What Interactive Sync adds to the truth. */
export interface InteractiveSyncReport {
  /** By channel id: each that a socket has been connected with. */
  readonly channels: Readonly<Record<string, ChannelReport>>;
  /** What became of each client frame, the newest 10,000. */
  readonly messages: readonly MessageReport[];
  /** The interfaces that were answered with ok, in order. */
  readonly interfaces: readonly AcceptedInterface[];
  /** What the viewers' pages were told, in order. */
  readonly broadcasts: readonly Broadcast[];
  /** What viewers asked for over HTTP. */
  readonly calls: readonly ViewerCall[];
  readonly counts: MessageCounts;
}

export interface ChannelReport {
  readonly displayName: string;
  /** Those that are open now and past their `ok`. */
  readonly sockets: readonly number[];
  /** Null before the first one and after a game cleared it; `{}` since a socket closed. */
  readonly interface: Interface | null;
}

/** "beforeOk" was lost without a word; "spam" and "channelLost" ended the connection. */
export type MessageOutcome =
  | "accepted"
  | "transferFailed"
  | "beforeOk"
  | "spam"
  | "channelLost"
  | WarningName;

export interface MessageReport {
  readonly socket: number;
  readonly outcome: MessageOutcome;
  /** How many that socket had been given by then, this one included. */
  readonly warnings: number;
  readonly at: number;
}

export interface AcceptedInterface {
  readonly socket: number;
  readonly channelId: string;
  /** Normalised; null where the game cleared it. */
  readonly interface: Interface | null;
  readonly at: number;
}

export interface Broadcast {
  readonly channelId: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface ViewerCall {
  readonly path: string;
  readonly channelId: string | null;
  /** What it was answered with. */
  readonly status: number;
  readonly at: number;
}

export interface MessageCounts {
  /** Accepted. */
  readonly interfaces: number;
  readonly warnings: number;
  /** Messages that came before the `ok`, and were lost. */
  readonly lost: number;
  /** Transfers that failed. */
  readonly failures: number;
  /** Sockets that the service ended for what they sent. */
  readonly ended: number;
}

export type InteractiveSyncTruth = Truth & InteractiveSyncReport;
