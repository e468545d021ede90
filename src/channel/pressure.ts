import type { Pressure } from "../event/group.ts";

/** DESIGN 3, "Clients": bytes that a socket has been sent and not yet taken. */
const CONFLATE_ABOVE = 64 * 1024;
const SHED_ABOVE = 256 * 1024;
const CLOSE_ABOVE = 1024 * 1024;

/**
 * Measures how far behind a socket with so many unread bytes is; `close`: it has to resume anew.
 */
export function measurePressure(bufferedBytes: number): Pressure | "close" {
  if (bufferedBytes > CLOSE_ABOVE) return "close";
  if (bufferedBytes > SHED_ABOVE) return "shed";
  return bufferedBytes > CONFLATE_ABOVE ? "conflate" : "none";
}

/** May a replay send its next page, or is the socket still busy with the last? */
export function hasRoom(bufferedBytes: number): boolean {
  return bufferedBytes <= CONFLATE_ABOVE;
}
