import type { InputProblem } from "./event/answer.ts";

/**
 * Every failure we answer for: its status and its title. The code is API, the title is for people.
 */
export const ERRORS = {
  bad_request: { status: 400, title: "The request cannot be understood" },
  invalid_input: { status: 400, title: "The input is not as it must be" },
  unauthorized: { status: 401, title: "A valid credential is needed" },
  signature_invalid: { status: 401, title: "The signature does not hold" },
  ticket_invalid: { status: 401, title: "The ticket does not hold" },
  forbidden: { status: 403, title: "The credential does not allow this" },
  origin_forbidden: { status: 403, title: "Pages of this origin may not do this" },
  not_found: { status: 404, title: "There is nothing here" },
  channel_not_found: { status: 404, title: "No such channel" },
  provider_not_found: { status: 404, title: "No such provider" },
  authorization_not_found: { status: 404, title: "No such log-in" },
  event_not_found: { status: 404, title: "No such event" },
  raw_not_found: { status: 404, title: "The event has no raw payload" },
  socket_not_found: { status: 404, title: "No such socket" },
  key_not_found: { status: 404, title: "No such key" },
  webhook_not_found: { status: 404, title: "No such webhook" },
  delivery_not_found: { status: 404, title: "No such delivery" },
  recovery_not_found: { status: 404, title: "No such recovery" },
  erasure_not_found: { status: 404, title: "No such erasure" },
  schema_not_found: { status: 404, title: "No such schema" },
  method_not_allowed: { status: 405, title: "Not with this method" },
  not_acceptable: { status: 406, title: "Not in this form" },
  connection_not_found: { status: 404, title: "No such connection" },
  not_writable: { status: 409, title: "Nothing can be written there" },
  send_conflict: { status: 409, title: "The send's id is taken" },
  send_queue_full: { status: 429, title: "Too much waits to be sent" },
  conflict: { status: 409, title: "It was changed by somebody else" },
  channel_exists: { status: 409, title: "The channel's id is taken" },
  connection_claimed: { status: 409, title: "Another provider follows this already" },
  provider_limit: { status: 409, title: "The channel has as many providers as it may" },
  webhook_disabled: { status: 409, title: "The webhook is disabled" },
  webhook_limit: { status: 409, title: "The channel has as many webhooks as it may" },
  idempotency_in_flight: { status: 409, title: "The same request is still under way" },
  position_unknown: { status: 410, title: "The position is not of this log" },
  event_erased: { status: 410, title: "The event was erased" },
  delivery_gone: { status: 410, title: "What was delivered is no longer kept" },
  precondition_failed: { status: 412, title: "It is no longer as expected" },
  payload_too_large: { status: 413, title: "The request is too large" },
  unsupported_media_type: { status: 415, title: "Not in this media type" },
  protocol_unknown: { status: 400, title: "This relay does not speak that protocol" },
  idempotency_mismatch: { status: 422, title: "The key was used for another request" },
  upgrade_required: { status: 426, title: "This address is for WebSockets" },
  delivery_not_taken: { status: 429, title: "The delivery cannot be taken at the moment" },
  rate_limited: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong here" },
  unavailable: { status: 503, title: "Not available at the moment" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetails {
  readonly problems?: readonly InputProblem[];
  /** Headers that belong to the answer, as `Retry-After` to a 429. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A failure with an answer. The message goes out as `detail`: it never holds a secret. */
export class RelayError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly InputProblem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "RelayError";
    this.code = code;
    this.problems = details.problems ?? [];
    this.headers = details.headers ?? {};
  }
}
