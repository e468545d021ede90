import type { Truth } from "../kit/truth.ts";
import type { DeviceAsk } from "./device-desk.ts";

/** What Twitch adds to the truth. */
export interface TwitchReport {
  /** Every JOIN, and whether it was answered. */
  readonly joins: readonly {
    readonly socket: number;
    readonly room: string;
    readonly isAnswered: boolean;
    readonly at: number;
  }[];
  /** What was written over HTTP, with what was answered. */
  readonly posted: readonly Posted[];
  readonly validations: readonly { readonly token: string | null; readonly status: number }[];
  readonly refreshes: readonly { readonly refreshToken: string | null; readonly status: number }[];
  readonly deviceAsks: readonly DeviceAsk[];
  /** The access tokens that were given out. */
  readonly issued: readonly { readonly accessToken: string; readonly refreshToken: string }[];
}

export interface Posted {
  readonly token: string | null;
  readonly text: string;
  readonly room: string;
  readonly sender: string;
  readonly replyTo: string | null;
  readonly status: number;
  readonly id: string | null;
}

export type TwitchTruth = Truth & TwitchReport;
