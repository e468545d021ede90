/*
 * Group commit: when what has come in is written and sent. An idle channel writes at once. After a
 * group it lets things gather for a while, longer the more a group costs to publish, so that under
 * load a frame holds many events: sending one frame an event is nearly the whole cost of fan-out.
 */

/** DESIGN 3, "Group commit". */
export const GROUP_MAX_MS = 25;
export const GROUP_MAX_EVENTS = 64;
export const GROUP_MAX_BYTES = 32 * 1024;

// A journal row with its gate, and one socket's send, as measured by bench/fan-out.
const ROW_COST_MS = 3;
const SEND_COST_MS = 0.01;

// Publishing may take up to a fifth of the time before groups grow.
const SHARE = 5;

/** What has gathered, and until when it may. */
export interface Gathering {
  readonly events: number;
  readonly bytes: number;
  /** No group is closed before this, unless it is full. */
  readonly quietUntil: number;
}

/** How long things may gather after a group that went to so many sockets, in milliseconds. */
export function windowMs(sockets: number): number {
  return Math.min(GROUP_MAX_MS, SHARE * (ROW_COST_MS + SEND_COST_MS * sockets));
}

/** In how many milliseconds the group is to be closed: 0 is now. */
export function closesIn(gathering: Gathering, now: number): number {
  if (gathering.events >= GROUP_MAX_EVENTS || gathering.bytes >= GROUP_MAX_BYTES) return 0;
  return Math.max(0, Math.min(GROUP_MAX_MS, gathering.quietUntil - now));
}
