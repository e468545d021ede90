import type { RouteConfig } from "@hono/zod-openapi";
import type { z } from "zod";

import { ERRORS, type ErrorCode } from "../errors.ts";
import type { Scope } from "../event/principal.ts";
import { Problem } from "./schemas/common.ts";

/**
 * The access that a route needs: a scope, or one of several, on the relay as a whole, on the channel
 * in its address, or on every channel that there is: for a credential that is bound to none.
 */
export interface Access {
  readonly scope: Scope | readonly Scope[];
  readonly on: "relay" | "channel" | "every channel";
}

/** The access of a route that answers anybody, by the credential that they have or have not. */
export const ANYBODY = "anybody";

/** The scopes of an access, any of which is enough. */
export function listScopes({ scope }: Access): readonly Scope[] {
  return typeof scope === "string" ? [scope] : scope;
}

/** A route, with the answers that are its own. What any route of its kind answers is added. */
export type Operation = Omit<RouteConfig, "parameters"> & {
  /** A verb and a noun, for the functions of generated clients: never changed. */
  readonly operationId: string;
  /** Why it may be refused, beyond what any route of its kind may be refused for. */
  readonly refusals?: readonly ErrorCode[];
  /** The resource has an entity tag: `If-None-Match` is looked at, or `If-Match`. */
  readonly isTagged?: true;
};

/** A JSON body that must be there. */
export function describeJsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

/** A JSON answer. */
export function describeJsonAnswer<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } } as const;
}

/** A JSON answer about something that was made, with its address. */
export function describeMade<S extends z.ZodType>(schema: S, description: string) {
  const headers = { location: describeHeader("The address of what was made.") };
  return { ...describeJsonAnswer(schema, description), headers };
}

/** A header that an answer has. */
export function describeHeader(description: string, required = true) {
  return { description, required, schema: { type: "string" as const } };
}

/** The media types of a route's success: what its answer is chosen from. Empty for no body. */
export function listMediaTypes({ responses }: Pick<RouteConfig, "responses">): string[] {
  return Object.entries(responses).flatMap(([status, response]) =>
    status.startsWith("2") && "content" in response ? Object.keys(response.content ?? {}) : [],
  );
}

/**
 * A route as the OpenAPI document knows it: with every answer that it may be given, for whatever
 * reason. `access`: null for what is the same for everybody. Its type is that of the route: handlers answer
 * problems by throwing, never by returning one.
 */
export function describeOperation<const R extends Operation>(
  access: Access | typeof ANYBODY | null,
  route: R,
): R {
  const { refusals = [], isTagged, ...config }: Operation = route;
  const scopes = access === null || access === ANYBODY ? [] : listScopes(access);
  const needs = scopes.map((scope) => `\`${scope}\``).join(" or ");
  const texts = [config.description, needs === "" ? undefined : `Needs the scope ${needs}.`];
  const description = texts.filter((text) => text !== undefined).join(" ");
  const codes = [...listCommonRefusals(access, config, isTagged === true), ...refusals];
  const described: RouteConfig = {
    ...(access !== null && { security: listSecurity(access) }),
    ...config,
    ...(description !== "" && { description }),
    parameters: listHeaders(access, config, isTagged === true),
    responses: {
      ...describeRefusals(codes, config.responses),
      ...tag(config.responses, config.method, isTagged === true),
    },
  };
  return described as R;
}

/** How a caller may say who they are; nothing said is a way where anybody may ask. */
function listSecurity(access: Access | typeof ANYBODY): NonNullable<RouteConfig["security"]> {
  const ways = [{ bearer: [] }, { token: [] }];
  return access === ANYBODY ? [{}, ...ways] : ways;
}

type Described = Pick<RouteConfig, "method" | "responses">;

/** The request headers that any route of this kind takes. */
function listHeaders(
  access: Access | typeof ANYBODY | null,
  { method }: Described,
  isTagged: boolean,
): NonNullable<RouteConfig["parameters"]> {
  const describe = (name: string, description: string) =>
    ({ name, in: "header", description, schema: { type: "string" } }) as const;
  const known = method === "get" ? "If-None-Match" : "If-Match";
  const effect = method === "get" ? "Answers 304 if it is still so." : "Only if it is still so.";
  const isThere = isTagged && method !== "post";
  return [
    ...(method === "post" && access !== null
      ? [describe("Idempotency-Key", "The same key with the same request is carried out once.")]
      : []),
    ...(isThere ? [describe(known, `An entity tag, as the header ETag had it. ${effect}`)] : []),
  ];
}

function listCommonRefusals(
  access: Access | typeof ANYBODY | null,
  { method, responses }: Described,
  isTagged: boolean,
): ErrorCode[] {
  const takesBody = method !== "get";
  const isOnChannel = access !== null && access !== ANYBODY && access.on === "channel";
  return [
    "invalid_input",
    ...(access === null ? [] : (["unauthorized"] as const)),
    ...(access === null || access === ANYBODY ? [] : (["forbidden"] as const)),
    ...(isOnChannel ? (["channel_not_found"] as const) : []),
    "method_not_allowed",
    ...(listMediaTypes({ responses }).length === 0 ? [] : (["not_acceptable"] as const)),
    ...(takesBody ? (["bad_request", "payload_too_large", "unsupported_media_type"] as const) : []),
    ...(method === "post" && access !== null
      ? (["idempotency_in_flight", "idempotency_mismatch"] as const)
      : []),
    ...(takesBody && isTagged && method !== "post" ? (["precondition_failed"] as const) : []),
    "rate_limited",
    "internal",
    "unavailable",
  ];
}

/** A route's own answers and, by their status, problems with the codes that they may have. */
function describeRefusals(
  codes: readonly ErrorCode[],
  own: RouteConfig["responses"],
): RouteConfig["responses"] {
  const byStatus = Map.groupBy(new Set(codes), (code) => ERRORS[code].status);
  const described = [...byStatus].map(([status, some]) => {
    const description = some.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(" ");
    const headers = PROBLEM_HEADERS[status];
    const same = own[status];
    const others = same !== undefined && "content" in same ? same.content : {};
    const content = { ...others, "application/problem+json": { schema: Problem } };
    return [status, { description, ...(headers !== undefined && { headers }), content }];
  });
  return { ...own, ...(Object.fromEntries(described) as RouteConfig["responses"]) };
}

const PROBLEM_HEADERS: Partial<Record<number, Record<string, ReturnType<typeof describeHeader>>>> =
  {
    401: { "www-authenticate": describeHeader("How to say who asks.") },
    405: { allow: describeHeader("The methods that there are.") },
    412: { etag: describeHeader("The tag that it has now.") },
    426: { upgrade: describeHeader("`websocket`.") },
    429: { "retry-after": describeHeader("Seconds.") },
    503: { "retry-after": describeHeader("Seconds, where they are known.", false) },
  };

/** The answers of a resource with an entity tag. */
function tag(
  responses: RouteConfig["responses"],
  method: RouteConfig["method"],
  isTagged: boolean,
): RouteConfig["responses"] {
  if (!isTagged) return {};
  const etag = describeHeader("Names the resource as it is.", false);
  const answers = Object.entries(responses).flatMap(([status, response]) => {
    if (!status.startsWith("2") || status === "204" || "$ref" in response) return [];
    const others = response.headers as Record<string, object> | undefined;
    return [[status, { ...response, headers: { ...others, etag } }] as const];
  });
  const same = { description: "It is still as If-None-Match says", headers: { etag } };
  return { ...Object.fromEntries(answers), ...(method === "get" && { 304: same }) };
}
