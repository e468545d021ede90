import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler, TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";
import type { z } from "zod";

import type { Scope } from "../event/principal.ts";
import { requireChannel, requireEverywhere, requireScope } from "./access.ts";
import type { AppEnv } from "./env.ts";
import { idempotency } from "./idempotency.ts";
import { Problem } from "./schemas/common.ts";

const PROBLEMS = {
  400: "The request is not as it must be",
  401: "A valid credential is needed",
  403: "The credential does not allow this",
  404: "There is nothing there",
  429: "Too many requests; see Retry-After",
} as const;

/** A JSON body that must be there. */
export function describeJsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

/** A JSON answer. */
export function describeJsonAnswer<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } } as const;
}

/** An answer whose body is JSON of this schema. */
type JsonAnswer<S extends z.ZodType> = Response &
  TypedResponse<JSONParsed<z.output<S>>, 200, "json">;

/**
 * Answers with a text that is JSON of this schema already: what is kept as a text is neither decoded
 * nor encoded again, and that it is of the schema is the caller's word. Null where whoever asks has
 * the text: a 304.
 */
export function respondJsonText<S extends z.ZodType>(
  c: Context<AppEnv>,
  _schema: S,
  text: string | null,
): JsonAnswer<S> {
  const answer: Response =
    text === null ? c.body(null, 304) : c.body(text, 200, { "content-type": "application/json" });
  return answer as JsonAnswer<S>;
}

/**
 * The access that a route needs: a scope, on the relay as a whole, on the channel in its address, or
 * on every channel that there is: for a credential that is bound to none.
 */
export interface Access {
  readonly scope: Scope;
  readonly on: "relay" | "channel" | "every channel";
}

/**
 * A route as the OpenAPI document knows it, with the problems that any route can answer with. Who
 * asks is looked at before what is asked: nobody learns from a 400 what they may not do.
 */
export function route<const R extends RouteConfig>(access: Access, config: R) {
  const content = { "application/problem+json": { schema: Problem } };
  const problems = Object.fromEntries(
    Object.entries(PROBLEMS).map(([status, description]) => [status, { description, content }]),
  );
  const needs = `Needs the scope \`${access.scope}\`.`;
  const described = createRoute({
    security: [{ bearer: [] }, { token: [] }],
    // Only what exists, and only of those who may, is remembered.
    middleware: [requireAccess(access), idempotency] as const,
    ...config,
    description: config.description === undefined ? needs : `${config.description} ${needs}`,
  });
  // Beside the type: handlers answer problems by throwing, never by returning one.
  Object.assign(described.responses, { ...problems, ...described.responses });
  return described;
}

function requireAccess({ scope, on }: Access): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (on === "relay") await requireScope(c, scope);
    else if (on === "every channel") await requireEverywhere(c, scope);
    else await requireChannel(c, c.req.param("channel") ?? "", scope);
    await next();
  };
}
