import type { Truth } from "../kit/truth.ts";

/** What multistreamer adds to the truth. */
export interface MultistreamerReport {
  readonly streamId: number;
  readonly status: StreamStatus;
  /** By number, as a status tells them to the owner of the stream now. */
  readonly accounts: Readonly<Record<string, AccountReport>>;
  readonly users: readonly UserReport[];
  /** Every `text` and `emote` that was taken in, lost ones included. */
  readonly posted: readonly Post[];
  /** Those there are now, without those that the stream's own accounts always have. */
  readonly writers: readonly Writer[];
  readonly writerRequests: readonly WriterRequest[];
}

export interface StreamStatus {
  readonly data_pushing: boolean;
  readonly data_pulling: boolean;
  readonly data_incoming: boolean;
}

/** An account as it stands on the wire. */
export interface AccountReport {
  readonly name: string;
  readonly network: { readonly name: string; readonly displayName: string };
  readonly live: boolean;
  readonly writable: boolean;
  readonly ready: boolean;
  readonly http_url?: string;
}

export interface UserReport {
  readonly id: number;
  readonly name: string;
  readonly chatLevel: number;
}

/** Why a post went nowhere, of which its sender is told nothing. */
export type Loss = "no-account" | "no-target" | "not-writable" | "no-writer" | "no-user";

export interface Post {
  readonly socket: number;
  readonly user: string;
  readonly type: "text" | "emote";
  /** The account it was sent from: 0 for the internal room, whatever was asked for, where a command says so. */
  readonly accountId: number | null;
  /** The account whose chat it was sent to. */
  readonly target: number | null;
  readonly text: string;
  readonly fate: "room" | "private" | "network" | "lost";
  readonly loss: Loss | null;
  /** The key of the message that it came back as; null while it has not. */
  readonly key: string | null;
  readonly at: number;
}

export interface Writer {
  readonly accountId: number;
  readonly target: number;
}

export interface WriterRequest extends Writer {
  readonly socket: number;
  readonly user: string;
  readonly granted: boolean;
  readonly at: number;
}

export type MultistreamerTruth = Truth & MultistreamerReport;
