import { HTTPException } from "hono/http-exception";

import { ERRORS, RelayError, type ErrorCode } from "../errors.ts";
import type { Answer } from "../event/answer.ts";

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
  return isDatabaseError(error)
    ? new RelayError("unavailable", "The database cannot be reached. Try again.", {
        headers: { "retry-after": "2" },
        cause: error,
      })
    : new RelayError("internal", "The relay could not do this.", { cause: error });
}

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
