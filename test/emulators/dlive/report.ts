import type { Truth } from "../kit/truth.ts";
import type { SubscriptionQuery } from "./subscription-query.ts";

/** What DLive adds to the truth. */
export interface DliveReport {
  /** The payload of every `connection_init`, as it came; null where there was none. */
  readonly inits: readonly { readonly socket: number; readonly payload: unknown }[];
  /** Those that are open now. */
  readonly subscriptions: readonly OpenSubscription[];
  /** What was asked for over HTTP. */
  readonly mutations: readonly Mutation[];
}

export interface OpenSubscription extends SubscriptionQuery {
  readonly socket: number;
  /** Null where the client gave none. */
  readonly id: string | null;
}

export interface Mutation {
  readonly field: string;
  readonly authorization: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export type DliveTruth = Truth & DliveReport;
