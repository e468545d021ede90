import type { Channel } from "./channels.ts";

/** One socket's place in the protocol. */
export interface Session {
  /** "checking" lasts until the `ok`: what is sent meanwhile is lost, as nobody listens yet. */
  state: "checking" | "ready" | "over";
  channel: Channel | null;
  warnings: number;
  /** When a message last passed the rule of pace; null before the first. */
  lastPassedMs: number | null;
  /** Since the last ping. */
  hasPonged: boolean;
}

export function newSession(): Session {
  return { state: "checking", channel: null, warnings: 0, lastPassedMs: null, hasPonged: true };
}
