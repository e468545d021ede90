import type { EndpointState } from "./settle.ts";

/**
 * The lanes that an endpoint's deliveries wait in. `urgent`: tests, and what somebody asked to be
 * tried now. `live`: events as they come. `recovery`: what is brought again, behind everything
 * else.
 */
export type Lane = "urgent" | "live" | "recovery";

/** When the first delivery of each lane that is not under way is due; null for none. */
export type Dues = Readonly<Record<Lane, number | null>>;

/** How many deliveries of each lane are under way. */
export type Load = Readonly<Record<Lane, number>>;

/** How fast an endpoint is sent to. */
export interface Pace {
  /** When the next delivery may begin, by the endpoint's rate. */
  readonly slotAt: number;
  /** When the next recovered one may. */
  readonly recoverySlotAt: number;
  /** Deliveries under way at once in the live lane. */
  readonly atOnce: number;
}

/**
 * Send the first of a lane now, or look again at a time; null: nothing to wait for by the clock.
 */
export type Step =
  | { readonly type: "send"; readonly lane: Lane; readonly isProbe: boolean }
  | { readonly type: "wait"; readonly until: number | null };

/**
 * DESIGN 3 and the platform's six connections: five live ones leave one for what is urgent. An
 * ordered queue has one.
 */
export function countAtOnce(ordering: "none" | "channel"): number {
  return ordering === "channel" ? 1 : 5;
}

/**
 * Decides what to do next. Nothing is sent to a disabled endpoint, nothing before it is due, and to
 * a failing one a single probe at a time.
 */
export function chooseNextStep(
  endpoint: EndpointState,
  dues: Dues,
  load: Load,
  pace: Pace,
  now: number,
): Step {
  if (!endpoint.enabled) return { type: "wait", until: null };
  const times: number[] = [];
  for (const lane of ["urgent", "live", "recovery"] as const) {
    const at = mayBeginAt(lane, endpoint, dues, load, pace, now);
    if (at === null) continue;
    if (at <= now) {
      return { type: "send", lane, isProbe: lane !== "urgent" && isFailing(endpoint) };
    }
    times.push(at);
  }
  return { type: "wait", until: times.length === 0 ? null : Math.min(...times) };
}

/** When the lane's first delivery may begin; null: not before something else has ended. */
function mayBeginAt(
  lane: Lane,
  endpoint: EndpointState,
  dues: Dues,
  load: Load,
  pace: Pace,
  now: number,
): number | null {
  const due = dues[lane];
  if (due === null) return null;
  if (lane === "urgent") return load.urgent > 0 ? null : due;
  const from = Math.max(due, endpoint.pausedUntil, pace.slotAt);
  if (isFailing(endpoint)) {
    return load.live + load.recovery > 0 ? null : Math.max(from, endpoint.health.probeAt);
  }
  // Where order matters one is under way at a time, whichever lane it is of.
  if (pace.atOnce === 1 && load.live + load.recovery > 0) return null;
  if (lane === "live") return load.live >= pace.atOnce ? null : from;
  // One at a time, and behind everything live that waits to be sent.
  const isLiveWaiting = dues.live !== null && dues.live <= now;
  if (isLiveWaiting || load.recovery > 0) return null;
  return Math.max(from, pace.recoverySlotAt);
}

function isFailing({ health }: EndpointState): boolean {
  return health.state === "failing";
}
