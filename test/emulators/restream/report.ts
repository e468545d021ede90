import type { Truth } from "../kit/truth.ts";
import type { ConsentReport } from "./consent-desk.ts";

/** What Restream adds to the truth. */
export interface RestreamReport {
  /** By identifier: what a client's own map must come to. */
  readonly connections: Readonly<Record<string, ConnectionReport>>;
  /** What the page for consent was asked for with. */
  readonly consents: readonly ConsentReport[];
  readonly tokens: {
    /** What the token endpoint gave out. */
    readonly issued: readonly IssuedTokens[];
    /** Every request to the token endpoint, refused ones included. */
    readonly refreshes: readonly TokenRequest[];
  };
}

export interface ConnectionReport {
  readonly uuid: string;
  readonly status: "connecting" | "connected" | "error";
  readonly reason: string | null;
  readonly target: Readonly<Record<string, unknown>>;
  readonly eventSourceId: number;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly at: number;
}

export interface TokenRequest {
  readonly grantType: string | null;
  /** Null where none was sent: for a code there is none. */
  readonly refreshToken: string | null;
  readonly clientId: string | null;
  /** What it was answered with. */
  readonly status: number;
  readonly at: number;
}

export type RestreamTruth = Truth & RestreamReport;
