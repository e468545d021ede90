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

/** A group that is not sent by then has a slow reader, and the next one does not wait for it. */
export const SENDING_MAX_MS = 100;

// While a group is sent next to nothing is read from providers. What has come in meanwhile is read
// afterwards, all at once: as long as it comes this close together it is one group.
const CATCH_UP_MS = 2;

/** When the last group was closed, and what has become of it. Times in milliseconds since 1970. */
export interface LastGroup {
  readonly closedAt: number;
  /** When it was found to have left for the sockets; null as long as it was not. */
  readonly sentAt: number | null;
  /** No group is closed before this, unless it is full. */
  readonly quietUntil: number;
}

export const NO_GROUP: LastGroup = { closedAt: 0, sentAt: 0, quietUntil: 0 };

/** A group has been closed, and goes to so many sockets. */
export function closeGroup(sockets: number, now: number): LastGroup {
  return { closedAt: now, sentAt: null, quietUntil: now + computeWindowMs(sockets) };
}

/**
 * Something waits, and may have come just now (`hasCome`). What gathers while the last group is on
 * its way (`isSending`) is the next one, so that past saturation frames grow and queues do not.
 */
export function observeSending(
  last: LastGroup,
  { isSending, hasCome }: { isSending: boolean; hasCome: boolean },
  now: number,
): LastGroup {
  const isLate = now - last.closedAt >= SENDING_MAX_MS;
  const sentAt = last.sentAt ?? (isLate ? last.closedAt : isSending ? null : now);
  if (sentAt !== null && !hasCome) return { ...last, sentAt };
  const until = Math.min(now + CATCH_UP_MS, (sentAt ?? now) + GROUP_MAX_MS);
  return { ...last, sentAt, quietUntil: Math.max(last.quietUntil, until) };
}

/** The inputs that have gathered, and the time until which they may. */
export interface Gathering {
  readonly events: number;
  readonly bytes: number;
  readonly quietUntil: number;
}

/** How long things may gather after a group that went to so many sockets, in milliseconds. */
export function computeWindowMs(sockets: number): number {
  return Math.min(GROUP_MAX_MS, SHARE * (ROW_COST_MS + SEND_COST_MS * sockets));
}

/** In how many milliseconds the group is to be closed: 0 is now. */
export function closesIn(gathering: Gathering, now: number): number {
  if (gathering.events >= GROUP_MAX_EVENTS || gathering.bytes >= GROUP_MAX_BYTES) return 0;
  return Math.max(0, Math.min(GROUP_MAX_MS, gathering.quietUntil - now));
}

/** How much of what waits, from its beginning, makes one group: at least one, if any waits. */
export function measureGroup(
  waiting: Iterable<{ readonly events: number; readonly bytes: number }>,
): { readonly count: number; readonly events: number; readonly bytes: number } {
  let count = 0;
  let events = 0;
  let bytes = 0;
  for (const each of waiting) {
    if (count > 0 && (events >= GROUP_MAX_EVENTS || bytes >= GROUP_MAX_BYTES)) break;
    count += 1;
    events += each.events;
    bytes += each.bytes;
  }
  return { count, events, bytes };
}
