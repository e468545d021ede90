import type { Truth } from "../kit/truth.ts";
import type { TwitchReport } from "../twitch-irc/report.ts";

/** What Twitch's EventSub adds to the truth. */
export interface EventSubReport extends Omit<TwitchReport, "joins"> {
  /** What is subscribed now, by sockets that are there and by those that are not. */
  readonly subscriptions: readonly {
    readonly id: string;
    readonly type: string;
    readonly condition: Readonly<Record<string, string>>;
    readonly session: string;
    /** Its socket is gone. */
    readonly isOrphan: boolean;
  }[];
  /** Every request for a subscription, with what was answered. */
  readonly requests: readonly {
    readonly type: string;
    readonly session: string;
    readonly status: number;
    readonly at: number;
  }[];
  /** The ids of those that were taken away. */
  readonly removed: readonly string[];
  /** The dials by an address that was given to reconnect by, and whether it was good. */
  readonly handOvers: readonly { readonly socket: number; readonly isGood: boolean }[];
}

export type EventSubTruth = Truth & EventSubReport;
