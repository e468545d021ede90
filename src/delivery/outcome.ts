/** The outcome of one attempt, as far as it matters for what is next. */
export type AttemptOutcome =
  | { readonly type: "answered"; readonly status: number; readonly retryAfter: string | null }
  | { readonly type: "failed"; readonly fault: Fault };

/**
 * Why there was no answer. `timeout`: no headers within the deadline. `connection`: no connection,
 * or it broke before they came. `address_refused`: the address is not public. `too_large`: more than
 * is ever sent. `internal`: this relay's own doing.
 */
export type Fault = "timeout" | "connection" | "address_refused" | "too_large" | "internal";

/**
 * `permanent`: the same again would fail again. `transient`: it may go better later. `ours`: not the
 * endpoint's doing, and not held against it.
 */
export type OutcomeClass = "success" | "permanent" | "transient" | "ours";

/** An outcome's class, and one word on why: a stable code. */
export interface Classification {
  readonly class: OutcomeClass;
  readonly reason: string;
}

// A request that cannot be right as it is (RFC 9110, section 15.5), but for these, which speak of
// now: timeout, conflict, misdirected, locked, too early, too many.
const TRANSIENT_4XX = new Set([408, 409, 421, 423, 425, 429]);

// A move for good is never followed, and will not go away. Other redirects may be a maintenance page.
const MOVED = new Set([301, 308]);

export function classifyOutcome(outcome: AttemptOutcome): Classification {
  if (outcome.type === "failed") return { class: FAULTS[outcome.fault], reason: outcome.fault };
  const { status } = outcome;
  if (status >= 200 && status < 300) return { class: "success", reason: "accepted" };
  if (status === 410) return { class: "permanent", reason: "gone" };
  if (MOVED.has(status)) return { class: "permanent", reason: "redirected" };
  if (status >= 300 && status < 400) return { class: "transient", reason: "redirected" };
  if (status === 429) return { class: "transient", reason: "throttled" };
  if (status >= 400 && status < 500 && !TRANSIENT_4XX.has(status)) {
    return { class: "permanent", reason: "refused" };
  }
  return { class: "transient", reason: status >= 500 ? "server_error" : "refused" };
}

const FAULTS = {
  timeout: "transient",
  connection: "transient",
  address_refused: "permanent",
  too_large: "permanent",
  internal: "ours",
} as const satisfies Record<Fault, OutcomeClass>;

// They say that the endpoint as a whole is not there: nothing about the event.
const ABSENT = new Set([429, 502, 503, 504]);

/** Did the endpoint itself look at the event and fail on it? */
export function blamesEvent(outcome: AttemptOutcome): boolean {
  return outcome.type === "answered" && !ABSENT.has(outcome.status);
}
