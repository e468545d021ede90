import { HTTPException } from "hono/http-exception";

import { ERRORS, RelayError, type ErrorCode } from "../errors.ts";
import type { Answer } from "../event/answer.ts";
import { findLoss, type Loss } from "../lib/loss.ts";

// Whoever is told to come back is told when, where nothing better is known: a count by the minute, or
// about as long as a restart takes.
const RETRY_AFTER: Readonly<Partial<Record<number, string>>> = { 429: "60", 503: "2" };

/** The header that says when to try again, for a status that means "later"; none for any other. */
export function makeRetryAfter(status: number): Record<string, string> {
  const seconds = RETRY_AFTER[status];
  return seconds === undefined ? {} : { "retry-after": seconds };
}

/** RFC 9457, with a stable code and the request's id. */
export function makeProblemResponse(error: RelayError, requestId: string): Response {
  const { status, title } = ERRORS[error.code];
  const body = {
    type: `urn:tributary:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.problems.length > 0 && { errors: error.problems }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...makeRetryAfter(status),
      // RFC 9110, 11.6.1: no 401 is without.
      ...(status === 401 && { "www-authenticate": 'Bearer realm="tributary"' }),
      ...error.headers,
    },
  });
}

/** Any failure as one of ours: what is not ours is our fault, and tells nothing of itself. */
export function toRelayError(error: unknown): RelayError {
  if (error instanceof RelayError) return error;
  if (error instanceof HTTPException) return convertHttpException(error);
  if (isDatabaseError(error)) {
    return new RelayError("unavailable", "The database cannot be reached. Try again.", {
      cause: error,
    });
  }
  const loss = findLoss(error);
  if (loss === null) {
    return new RelayError("internal", "The relay could not do this.", { cause: error });
  }
  return new RelayError("unavailable", LOSSES[loss].detail, {
    headers: { "retry-after": String(LOSSES[loss].retryAfterSeconds) },
    cause: error,
  });
}

const LOSSES: Readonly<Record<Loss, { detail: string; retryAfterSeconds: number }>> = {
  restarted: {
    detail: "What was asked was restarted, and may have done it or not. Try again.",
    retryAfterSeconds: 1,
  },
  exhausted: {
    detail: "What was asked has more to do than it can. Try again later.",
    retryAfterSeconds: 10,
  },
  late: {
    detail: "What was asked has not answered in time, and may still do it. Try again.",
    retryAfterSeconds: 5,
  },
};

/** The value an object granted, or its refusal thrown as the failure of the same code. */
export function unwrapAnswer<T, Code extends ErrorCode>(answer: Answer<T, Code>): T {
  if (answer.ok) return answer.value;
  const { code, detail, problems = [], retryAfterSeconds } = answer;
  throw new RelayError(code, detail, {
    problems,
    ...(retryAfterSeconds !== undefined && {
      headers: { "retry-after": String(retryAfterSeconds) },
    }),
  });
}

function convertHttpException(error: HTTPException): RelayError {
  const codes: Partial<Record<number, ErrorCode>> = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    415: "unsupported_media_type",
  };
  const code = codes[error.status] ?? "internal";
  const allow = error.getResponse().headers.get("allow");
  return new RelayError(code, error.message === "" ? ERRORS[code].title : error.message, {
    ...(allow !== null && { headers: { allow } }),
    cause: error,
  });
}

function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && /\bD1_(ERROR|EXEC_ERROR)\b/.test(error.message);
}
