/** One socket's place in the protocol. */
export interface Session {
  nick: string | null;
  /** An account's own socket: it may not be one of nobody's. */
  isAccount: boolean;
  hasTags: boolean;
  /** What came after a `PASS`. */
  password: string | null;
  readonly rooms: Set<string>;
}

export function newSession(): Session {
  return { nick: null, isAccount: false, hasTags: false, password: null, rooms: new Set() };
}
