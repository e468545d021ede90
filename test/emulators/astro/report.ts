import type { Truth } from "../kit/truth.ts";

/** What Astro adds to the truth. */
export interface AstroReport {
  /** The canonical room that a client without a room of its own is in. */
  readonly channel: string;
  /** Open now. */
  readonly subscriptions: readonly OpenSubscription[];
  /** Every command, refused ones included: the newest 10,000, oldest first. */
  readonly commands: readonly HeardCommand[];
  /** The commands that came too fast. */
  readonly violations: readonly { readonly socket: number; readonly at: number }[];
  /** Every reconnect token that was given out. */
  readonly reconnects: readonly Reconnect[];
  /** How many pings were answered. */
  readonly pongs: number;
  /** The sockets that were ended because no pong came. */
  readonly lapsed: readonly number[];
}

export interface OpenSubscription {
  readonly socket: number;
  readonly topic: string;
  readonly room: string;
  readonly tokenType: string;
  /** Whether it came with a reconnect token, without a command. */
  readonly isRestored: boolean;
}

export interface HeardCommand {
  readonly socket: number;
  /** What could not be read of a frame is null, as is what was left out. */
  readonly type: string | null;
  readonly nonce: string | null;
  readonly topic: string | null;
  /** As it was asked for. */
  readonly room: string | null;
  readonly token: string | null;
  readonly tokenType: string | null;
  /** Null for what was done; "ignored" for a topic that is not answered at all. */
  readonly error: string | null;
  readonly at: number;
}

export interface Reconnect {
  /** The socket that was told to go. */
  readonly socket: number;
  readonly token: string;
  /** The newest socket that came with it; null while there is none. */
  readonly successor: number | null;
  readonly at: number;
}

export type AstroTruth = Truth & AstroReport;
