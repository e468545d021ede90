import type { Mode } from "../event/mode.ts";

// DESIGN 3, "Providers".
export const LINGER_MS = 300_000;

/** The number of listeners, and when the last one left. */
export interface Demand {
  readonly listeners: number;
  /** When the last listener left; null if there never was one. */
  readonly lastLeftAt: number | null;
}

/**
 * Is a link in this mode wanted now? On demand it is, until five minutes after the last listener.
 */
export function isWanted(mode: Mode, demand: Demand, now: number): boolean {
  if (mode === "always" || demand.listeners > 0) return true;
  return demand.lastLeftAt !== null && now < demand.lastLeftAt + LINGER_MS;
}
