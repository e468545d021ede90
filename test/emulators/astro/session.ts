/** One socket's place in the protocol. */
export interface Session {
  /** By `subscriptionKey`. */
  readonly subscriptions: Map<string, Subscription>;
  /** When the commands of late came that were let through, oldest first. */
  readonly commandsAt: number[];
}

export interface Subscription {
  readonly topic: string;
  /** The canonical one. */
  readonly room: string;
  readonly tokenType: string;
  /** Came with a reconnect token, not by a command. */
  readonly isRestored: boolean;
}

/** A topic has no blank in it. */
export function subscriptionKey(topic: string, room: string): string {
  return `${topic} ${room}`;
}

export function newSession(): Session {
  return { subscriptions: new Map(), commandsAt: [] };
}
