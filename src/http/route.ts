import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler, TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";
import type { z } from "zod";

import { findPrincipal, requireChannel, requireEverywhere, requireScope } from "./access.ts";
import {
  ANYBODY,
  describeOperation,
  listMediaTypes,
  listScopes,
  type Access,
  type Operation,
} from "./describe.ts";
import type { AppEnv } from "./env.ts";
import { idempotency } from "./idempotency.ts";
import { negotiate } from "./negotiation.ts";

export { ANYBODY, describeJsonAnswer, describeJsonBody, describeMade } from "./describe.ts";

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
 * A route as the OpenAPI document knows it, with the problems that any route can answer with. Who
 * asks is looked at before what is asked: nobody learns from a 400 what they may not do.
 */
export function route<const R extends Operation>(access: Access | typeof ANYBODY, config: R) {
  return createRoute({
    // Only what exists, and only of those who may, is remembered.
    middleware: [requireAccess(access), chooseForm(config), idempotency] as const,
    ...describeOperation(access, config),
  });
}

function requireAccess(access: Access | typeof ANYBODY): MiddlewareHandler<AppEnv> {
  if (access === ANYBODY) {
    return async (c, next) => {
      await findPrincipal(c);
      await next();
    };
  }
  const scopes = listScopes(access);
  return async (c, next) => {
    if (access.on === "relay") await requireScope(c, scopes);
    else if (access.on === "every channel") await requireEverywhere(c, scopes);
    else await requireChannel(c, c.req.param("channel") ?? "", scopes);
    await next();
  };
}

/** Finds out which of the route's media types is wanted, before anything is done. */
function chooseForm(config: Pick<RouteConfig, "responses">): MiddlewareHandler<AppEnv> {
  const types = listMediaTypes(config);
  return async (c, next) => {
    if (types.length > 0) negotiate(c, types);
    await next();
  };
}
