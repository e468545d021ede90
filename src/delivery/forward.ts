import type { Health } from "./health.ts";
import type { DeliveryState, EndpointState } from "./settle.ts";

/**
 * The reason that what waits for its next try is tried before its time. `well`: the endpoint has
 * taken something after it took nothing for a while. `asked`: its owner says so.
 */
export type ForwardCause = "well" | "asked";

/** The deliveries that are brought forward, of those that wait for their next try. */
export interface Forward {
  /** Also those whose endpoint has named a time itself. */
  readonly isRetryAfterOverruled: boolean;
  /** Only those that were put off fewer times. */
  readonly deferralsBelow: number;
}

/**
 * As often as a delivery is tried beside its schedule: somebody said "later", it was our own doing,
 * or it was brought forward.
 */
export const MAX_DEFERRALS = 10;

/** Chooses what is brought forward. Its owner may ask for anything, and as often as he likes. */
export function chooseForward(cause: ForwardCause): Forward {
  return cause === "asked"
    ? { isRetryAfterOverruled: true, deferralsBelow: Number.MAX_SAFE_INTEGER }
    : { isRetryAfterOverruled: false, deferralsBelow: MAX_DEFERRALS };
}

// One that takes every other delivery is not back with each of them: nothing went well for so long,
// though it was tried as often.
const AWAY_FOR_MS = 60_000;
const AWAY_ATTEMPTS = 2;

/** Answers whether a success means that the endpoint is back, by its health before. */
export function isBack({ state, failingSince, failedAttempts }: Health, now: number): boolean {
  if (state === "failing") return true;
  if (failingSince === null || failedAttempts < AWAY_ATTEMPTS) return false;
  return now - failingSince >= AWAY_FOR_MS;
}

/** Answers whether a delivery is tried before its time: a failure then costs it nothing. */
export function isEarly({ plannedAt, deferrals }: DeliveryState, now: number): boolean {
  return plannedAt !== null && now < plannedAt && deferrals < MAX_DEFERRALS;
}

/** Makes an endpoint ready to be tried at once, for its owner says that it is well. */
export function makeReady(endpoint: EndpointState, now: number): EndpointState {
  const probeAt = Math.min(endpoint.health.probeAt, now);
  return { ...endpoint, pausedUntil: 0, health: { ...endpoint.health, probeAt } };
}
