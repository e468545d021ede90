import type { SubscriptionField } from "./subscription-query.ts";

/** One socket's place in the protocol. */
export interface Session {
  /** "initialising" lasts from the init to its answer; what comes meanwhile waits in `waiting`. */
  state: "new" | "initialising" | "ready" | "over";
  readonly waiting: string[];
  /** By id; "" stands for the one that came without an id. */
  readonly subscriptions: Map<string, Subscription>;
}

export interface Subscription {
  readonly field: SubscriptionField;
  readonly streamer: string;
  /** What stands around the payload of each of its data frames. */
  readonly head: string;
  readonly tail: string;
}

export function newSession(): Session {
  return { state: "new", waiting: [], subscriptions: new Map() };
}
