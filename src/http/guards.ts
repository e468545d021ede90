import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";

import { RelayError } from "../errors.ts";
import { isNestedDeeper, JSON_MAX_LEVELS } from "../lib/json.ts";
import { sha256 } from "../lib/secrecy.ts";
import type { AppEnv } from "./env.ts";
import { isAllowedOrigin } from "./origins.ts";

/** CONTRACT 4: posted events are the largest of what comes in. */
const BODY_MAX_BYTES = 1024 * 1024;

// The binding counts by the minute.
const BRAKE_SECONDS = 60;

/** Pages of listed origins may call; credentials go in headers, never in cookies. */
export const crossOrigin: MiddlewareHandler<AppEnv> = cors({
  origin: (origin, c) =>
    isAllowedOrigin(origin, c.req.url, c.env.ALLOWED_ORIGINS) ? origin : null,
  allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: [
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
  ],
  exposeHeaders: [
    "etag",
    "idempotency-replayed",
    "link",
    "location",
    "retry-after",
    "x-request-id",
  ],
  maxAge: 86_400,
});

/** A brake on floods, by credential or by address: about right, and near where they come from. */
export const brake: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!(await isBraked(c))) return next();
  throw new RelayError("rate_limited", "Too many requests. Slow down.", {
    headers: { "retry-after": String(BRAKE_SECONDS) },
  });
};

/** Have there been too many requests like this one? */
export async function isBraked(c: Context<AppEnv>): Promise<boolean> {
  const credential = c.req.header("authorization") ?? c.req.query("token");
  const who =
    credential === undefined
      ? (c.req.header("cf-connecting-ip") ?? "unknown")
      : (await sha256(credential)).slice(0, 16);
  const { success } = await c.env.BRAKE.limit({ key: who });
  return !success;
}

/** No body is larger than anything that is read, whether or not its length was told. */
export const bodySize: MiddlewareHandler<AppEnv> = bodyLimit({
  maxSize: BODY_MAX_BYTES,
  onError() {
    throw new RelayError("payload_too_large", `The body may have at most ${BODY_MAX_BYTES} bytes.`);
  },
});

/**
 * No body is nested deeper than any frame: it is copied and walked through on its way. Whether it is
 * JSON at all is for its route to say.
 */
export const bodyDepth: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.raw.body !== null && isNestedDeeper(await c.req.text(), JSON_MAX_LEVELS)) {
    const detail = `nested in more than ${JSON_MAX_LEVELS} levels`;
    throw new RelayError("invalid_input", `The body: ${detail}`, {
      problems: [{ pointer: "", detail }],
    });
  }
  return next();
};

const JSON_TYPES = /^application\/(json|merge-patch\+json)\s*(;|$)/i;

/** A body must say that it is JSON. */
export const bodyType: MiddlewareHandler<AppEnv> = async (c, next) => {
  const hasBody = c.req.raw.body !== null && c.req.header("content-length") !== "0";
  if (hasBody && !JSON_TYPES.test(c.req.header("content-type") ?? "")) {
    throw new RelayError("unsupported_media_type", "The body must be application/json.");
  }
  return next();
};
