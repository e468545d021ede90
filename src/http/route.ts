import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { z } from "zod";

import { Problem } from "./schemas.ts";

const PROBLEMS = {
  400: "The request is not as it must be",
  401: "A valid credential is needed",
  403: "The credential does not allow this",
  404: "There is nothing there",
  429: "Too many requests; see Retry-After",
} as const;

/** A JSON body that must be there. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

/** A JSON answer. */
export function jsonAnswer<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } } as const;
}

/**
 * A route as the OpenAPI document knows it, with the problems that any route can answer with and a
 * credential as its security, unless it says otherwise.
 */
export function route<const R extends RouteConfig>(config: R) {
  const content = { "application/problem+json": { schema: Problem } };
  const problems = Object.fromEntries(
    Object.entries(PROBLEMS).map(([status, description]) => [status, { description, content }]),
  );
  const described = createRoute({ security: [{ bearer: [] }, { token: [] }], ...config });
  // Beside the type: handlers answer problems by throwing, never by returning one.
  Object.assign(described.responses, { ...problems, ...described.responses });
  return described;
}
