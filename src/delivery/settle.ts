import { isBack, isEarly, MAX_DEFERRALS } from "./forward.ts";
import { noteFailure, noteSuccess, isBeyondHope, type Health } from "./health.ts";
import {
  blamesEvent,
  classifyOutcome,
  type AttemptOutcome,
  type Classification,
} from "./outcome.ts";
import { readRetryAfterMs, waitAfter, computeInternalRetryMs } from "./schedule.ts";

/** The state of a delivery. */
export interface DeliveryState {
  readonly status: "pending" | "succeeded" | "failed";
  /** Attempts on record. */
  readonly attempts: number;
  /** Failed attempts that count on the schedule. */
  readonly step: number;
  /** Failed attempts that do not: told to come back later, or our own doing. */
  readonly deferrals: number;
  /** When it may be tried next; of no meaning once it is settled. */
  readonly dueAt: number;
  /** When it was to be tried, where it was brought forward since; null where it was not. */
  readonly plannedAt: number | null;
}

/** The facts that an endpoint's attempts have in common. */
export interface EndpointState {
  readonly enabled: boolean;
  readonly health: Health;
  /** Nothing is sent before: the endpoint asked for it. */
  readonly pausedUntil: number;
  /** Something went well since an ordered queue last passed over its head. */
  readonly mayPassOver: boolean;
}

/** The reason for an attempt. */
export type Trigger = "scheduled" | "probe" | "manual" | "test" | "recovery";

export interface Attempted {
  readonly delivery: DeliveryState;
  readonly endpoint: EndpointState;
  readonly outcome: AttemptOutcome;
  readonly ordering: "none" | "channel";
  /** It was settled already, or is a test: it is tried this once. */
  readonly isOnce: boolean;
  /** The endpoint is somewhere else by now: what was answered is not its answer. */
  readonly isMoved: boolean;
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

export type Notice =
  | { readonly type: "failing"; readonly since: number; readonly attempts: number }
  | { readonly type: "recovered"; readonly failedSince: number }
  | { readonly type: "disabled"; readonly reason: "gone" | "failing" };

export interface Settlement {
  readonly delivery: DeliveryState;
  readonly endpoint: EndpointState;
  readonly verdict: Classification;
  /** Why the next attempt is when it is, or why there is none. */
  readonly why: Why;
  readonly notices: readonly Notice[];
  /** The endpoint is well again: what waits for its next try is brought forward. */
  readonly isBack: boolean;
}

export type Why =
  | "delivered"
  | "schedule"
  | "retry_after"
  | "relay_fault"
  | "endpoint_changed"
  | "permanent"
  | "exhausted"
  | "passed_over"
  | "tried_once";

// A head that its endpoint answered and did not take so often is thought to be the trouble itself:
// by then it has held up an ordered queue for two and a half hours.
const PASS_OVER_AFTER = 5;

/** The whole policy of a delivery: what an attempt's outcome means for it and for its endpoint. */
export function settle(attempted: Attempted): Settlement {
  const { outcome, now, random } = attempted;
  const before = { ...attempted.delivery, attempts: attempted.delivery.attempts + 1 };
  const verdict = classifyOutcome(outcome);
  const delivery = { ...before, plannedAt: null };
  const state = { ...attempted, delivery };
  const common = { verdict, isBack: false };
  if (attempted.isMoved) return { ...common, ...settleMoved(state, verdict.class === "success") };
  switch (verdict.class) {
    case "success":
      return { verdict, ...settleSuccess(state) };
    case "ours":
      return {
        ...common,
        ...deferAttempt(state, computeInternalRetryMs(delivery.deferrals, random)),
      };
    case "permanent":
    case "transient": {
      const next =
        verdict.class === "permanent"
          ? failDelivery(state, "permanent")
          : delayDelivery(state, isEarly(before, now) ? before.plannedAt : null);
      return { ...common, ...next, ...charge(next.endpoint, verdict, now, random) };
    }
  }
}

type Next = Pick<Settlement, "delivery" | "endpoint" | "why">;
type Settled = Next & Pick<Settlement, "notices">;

function settleSuccess({
  delivery,
  endpoint,
  now,
}: Attempted): Settled & Pick<Settlement, "isBack"> {
  const { failingSince, state } = endpoint.health;
  const health = noteSuccess(endpoint.health, now);
  return {
    delivery: { ...delivery, status: "succeeded" },
    endpoint: { ...endpoint, health, mayPassOver: true },
    why: "delivered",
    notices: state === "failing" ? [{ type: "recovered", failedSince: failingSince ?? now }] : [],
    isBack: isBack(endpoint.health, now),
  };
}

/**
 * Settles an attempt during which the URL changed: a 2xx still counts; any failure is retried at once
 * against the new URL.
 */
function settleMoved(attempted: Attempted, isTaken: boolean): Settled {
  const { delivery, endpoint, isOnce, now } = attempted;
  if (isTaken) {
    const taken = { ...delivery, status: "succeeded" as const };
    return { delivery: taken, endpoint, why: "delivered", notices: [] };
  }
  if (isOnce) return { ...failDelivery(attempted, "tried_once"), notices: [] };
  return { delivery: { ...delivery, dueAt: now }, endpoint, why: "endpoint_changed", notices: [] };
}

/** Our own doing: later, and nothing is held against anyone. */
function deferAttempt(attempted: Attempted, wait: number): Settled {
  const { delivery, endpoint, now, isOnce } = attempted;
  if (isOnce) return { ...failDelivery(attempted, "tried_once"), notices: [] };
  const next = { ...delivery, deferrals: delivery.deferrals + 1, dueAt: now + wait };
  return { delivery: next, endpoint, why: "relay_fault", notices: [] };
}

function failDelivery({ delivery, endpoint }: Attempted, why: Why): Next {
  return { delivery: { ...delivery, status: "failed" }, endpoint, why };
}

/** `plannedAt`: it was tried before its time, and is tried again when it would have been. */
function delayDelivery(attempted: Attempted, plannedAt: number | null): Next {
  const { outcome, now, random, ordering, isOnce } = attempted;
  const wait = outcome.type === "answered" ? readRetryAfterMs(outcome.retryAfter, now) : null;
  const { delivery } = attempted;
  const endpoint = pauseEndpoint(attempted, wait);
  if (isOnce) return { ...failDelivery(attempted, "tried_once"), endpoint };
  const deferrals = delivery.deferrals + 1;
  if (plannedAt !== null) {
    const askedAt = now + (wait ?? waitAfter(1, random) ?? 0);
    const why = wait !== null && askedAt >= plannedAt ? "retry_after" : "schedule";
    const next = { ...delivery, deferrals, dueAt: Math.max(plannedAt, askedAt) };
    return { delivery: next, endpoint, why };
  }
  if (wait !== null && deferrals <= MAX_DEFERRALS) {
    return {
      delivery: { ...delivery, deferrals, dueAt: now + wait },
      endpoint,
      why: "retry_after",
    };
  }
  const step = delivery.step + 1;
  const isPoison = ordering === "channel" && endpoint.mayPassOver && blamesEvent(outcome);
  if (isPoison && step >= PASS_OVER_AFTER) {
    const rest = { ...endpoint, mayPassOver: false };
    return {
      delivery: { ...delivery, step, status: "failed" },
      endpoint: rest,
      why: "passed_over",
    };
  }
  const ladder = waitAfter(step, random);
  if (ladder === null) {
    return { delivery: { ...delivery, step, status: "failed" }, endpoint, why: "exhausted" };
  }
  const dueAt = now + Math.max(ladder, wait ?? 0);
  return { delivery: { ...delivery, step, dueAt }, endpoint, why: "schedule" };
}

/** "Too many" and "not now" are said of the endpoint as a whole. */
function pauseEndpoint({ endpoint, outcome, now }: Attempted, wait: number | null): EndpointState {
  const isMeantForAll =
    outcome.type === "answered" && (outcome.status === 429 || outcome.status === 503);
  if (wait === null || !isMeantForAll) return endpoint;
  return { ...endpoint, pausedUntil: Math.max(endpoint.pausedUntil, now + wait) };
}

/** Applies a failure to the endpoint's standing. */
function charge(
  endpoint: EndpointState,
  verdict: Classification,
  now: number,
  random: number,
): Pick<Settlement, "endpoint" | "notices"> {
  // An endpoint that says "slower" is well.
  if (verdict.reason === "throttled") return { endpoint, notices: [] };
  const health = noteFailure(endpoint.health, now, random);
  const notices: Notice[] = [];
  if (health.state === "failing" && endpoint.health.state === "healthy") {
    const { failingSince, failedAttempts } = health;
    notices.push({ type: "failing", since: failingSince ?? now, attempts: failedAttempts });
  }
  const reason = verdict.reason === "gone" ? "gone" : isBeyondHope(health, now) ? "failing" : null;
  if (reason === null || !endpoint.enabled) return { endpoint: { ...endpoint, health }, notices };
  notices.push({ type: "disabled", reason });
  return { endpoint: { ...endpoint, health, enabled: false }, notices };
}
