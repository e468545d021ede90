/** A subscription as the service knows it. */
export interface Subscription {
  readonly id: string;
  readonly number: number;
  readonly type: string;
  readonly version: string;
  readonly condition: Readonly<Record<string, string>>;
  readonly cost: number;
  readonly createdAt: string;
}

/** What outlives one socket: a socket that takes over has the session of the one before. */
export interface Session {
  readonly id: string;
  readonly subscriptions: Map<string, Subscription>;
  /** The sockets that hear it have been welcomed by now. */
  isWelcomed: boolean;
  /** The number of the socket that it is on; others hear it no more, or as well. */
  socket: number;
  isGone: boolean;
}

export function newSession(id: string, socket: number): Session {
  return { id, subscriptions: new Map(), isWelcomed: false, socket, isGone: false };
}

export function isSame(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const named = (each: Readonly<Record<string, string>>): string =>
    JSON.stringify(
      Object.entries(each)
        .filter(([, value]) => value !== "")
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  return named(one) === named(other);
}
