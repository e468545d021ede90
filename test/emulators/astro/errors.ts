import type { Generation } from "./topics.ts";
import type { Flaw } from "./wire.ts";

/** Those of both generations; the last two are new, `invalid_message` is old. */
export const errorNames = [
  "err_internal_error",
  "err_bad_request",
  "err_unauthorized",
  "rate_limit_exceeded",
  "invalid_message",
  "err_deadline_exceeded",
  "invalid_message_type",
] as const;
export type ErrorName = (typeof errorNames)[number];

/** The text of `err_unauthorized` is the service's own example; the others are invented. */
const texts: Readonly<Record<ErrorName, string>> = {
  err_internal_error: "internal error",
  err_bad_request: "bad request",
  err_unauthorized: "invalid token",
  rate_limit_exceeded: "rate limit exceeded",
  invalid_message: "invalid message",
  err_deadline_exceeded: "deadline exceeded",
  invalid_message_type: "invalid message type",
};

/** Why a command was not done. */
export interface Failure {
  readonly error: ErrorName;
  readonly message: string;
  /** Answered without the nonce of the command. */
  readonly isAnonymous?: boolean;
}

/** The refusals of a rate carry no nonce. */
export function failure(error: ErrorName, message = texts[error]): Failure {
  return { error, message, isAnonymous: error === "rate_limit_exceeded" };
}

/** What each generation calls a frame that it cannot read. */
export function failureOfFlaw(generation: Generation, { flaw }: Flaw): Failure {
  if (flaw === "field") {
    return failure("err_bad_request", "missing field");
  }
  if (generation === "document") {
    return failure("invalid_message");
  }
  return failure(flaw === "type" ? "invalid_message_type" : "err_bad_request");
}
