import type { Pressure } from "../event/group.ts";

/** DESIGN 3, "Clients": bytes that a socket has been sent and not yet taken. */
const CLOSE_ABOVE = 1024 * 1024;

// Of what closes a socket: from so much on what may be shed is shed, and what is superseded left out.
const SHED_AT = 1 / 4;
const CONFLATE_AT = 1 / 16;

/** So many bytes all sockets of an object may have unread together: its memory is for other things. */
export const UNSENT_MAX = 48 * 1024 * 1024;

// From here on each of them may have less, the nearer the sum is to that.
const UNSENT_EASED = UNSENT_MAX / 2;

/** The unread bytes of all sockets of an object, and how many of them have any. */
export interface Unsent {
  readonly bytes: number;
  readonly sockets: number;
}

const NOTHING: Unsent = { bytes: 0, sockets: 0 };

/**
 * How many unread bytes close a socket: 1 MiB, and with the sum ever less, down to an equal share for
 * each. At their bound nobody has more than a share, and the sum is no larger; who reads has less.
 */
function findMost({ bytes, sockets }: Unsent): number {
  const left = (UNSENT_MAX - bytes) / (UNSENT_MAX - UNSENT_EASED);
  const eased = CLOSE_ABOVE * Math.min(1, Math.max(0, left));
  return Math.min(CLOSE_ABOVE, Math.max(eased, UNSENT_MAX / Math.max(1, sockets)));
}

/**
 * Measures how far behind a socket with so many unread bytes is, among others; `close`: it has to
 * resume anew.
 */
export function measurePressure(
  bufferedBytes: number,
  others: Unsent = NOTHING,
): Pressure | "close" {
  const most = findMost(others);
  if (bufferedBytes > most) return "close";
  if (bufferedBytes > most * SHED_AT) return "shed";
  return bufferedBytes > most * CONFLATE_AT ? "conflate" : "none";
}
