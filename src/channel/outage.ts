import type { ConnectionEntry } from "./connection-map.ts";

/** Since when events of a connection are missed, and why: nulls while none are. */
export type Outage = Pick<ConnectionEntry, "missingSince" | "missingCause" | "idle">;

export const NO_OUTAGE: Outage = { missingSince: null, missingCause: null, idle: false };

/** The outage of a connection: from when it is missed, if it was ever there. */
export function makeOutage(
  before: ConnectionEntry,
  since: number,
  cause: string,
  wasThere = isLive(before),
): Outage {
  const { missingSince, missingCause, idle } = before;
  if (missingSince !== null) return { missingSince, missingCause, idle };
  return wasThere ? { missingSince: since, missingCause: cause, idle } : NO_OUTAGE;
}

/** Can its events come? By itself, or by the one it is to replace. */
export function isLive(entry: ConnectionEntry): boolean {
  return entry.status === "connected" || entry.predecessor !== null;
}
