import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";

import { REQUEST_MS, within } from "../deadline.ts";
import { RelayError } from "../errors.ts";
import type { Principal } from "../event/principal.ts";
import { identifyAddress } from "../lib/address.ts";
import { isNestedDeeper, JSON_MAX_LEVELS } from "../lib/json.ts";
import type { AppEnv } from "./env.ts";
import { isAllowedOrigin } from "./origins.ts";

/** CONTRACT 4: posted events are the largest of what comes in. */
const BODY_MAX_BYTES = 1024 * 1024;

// The binding counts by the minute.
const RATE_SECONDS = 60;

const answerPages: MiddlewareHandler<AppEnv> = cors({
  origin: (origin, c) =>
    isAllowedOrigin(origin, c.req.url, c.env.ALLOWED_ORIGINS) ? origin : null,
  allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  // All that are asked for: libraries set headers of their own, and none of them is trusted more
  // from another origin than from none.
  allowHeaders: [],
  // There are no cookies to go along: this is for an EventSource that was told to send them.
  credentials: true,
  exposeHeaders: [
    "allow",
    "content-disposition",
    "etag",
    "idempotency-replayed",
    "link",
    "location",
    "retry-after",
    "tributary-gap",
    "www-authenticate",
    "x-request-id",
  ],
  maxAge: 86_400,
});

/**
 * Pages of listed origins may call; credentials go in headers, never in cookies. The answer to an
 * upgrade comes from an object and cannot be changed, nor does a browser look for headers there.
 */
export const crossOrigin: MiddlewareHandler<AppEnv> = (c, next) =>
  isUpgrade(c) ? next() : answerPages(c, next);

/** Asks for a WebSocket: only a GET does (RFC 6455, 4.1). */
export function isUpgrade(c: Context<AppEnv>): boolean {
  return c.req.method === "GET" && c.req.header("upgrade")?.toLowerCase() === "websocket";
}

/** The party at the address that a request comes from. */
export function findFrom(c: Context<AppEnv>): string {
  return identifyAddress(c.req.header("cf-connecting-ip"));
}

/**
 * A limit for floods from one address, before anything else is looked at: what a request says of
 * itself is chosen by whoever sends it. About right, and near where the requests come from.
 */
export const limitRate: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (await isOverRate(c)) throw makeTooMany();
  return next();
};

/** Have there been too many requests from this address? */
export async function isOverRate(c: Context<AppEnv>): Promise<boolean> {
  return isOver(c, `address ${findFrom(c)}`);
}

/** The same for a credential that holds, wherever it is used from. Nobody's is none. */
export async function limitCredential(c: Context<AppEnv>, principal: Principal): Promise<void> {
  if (await isCredentialOverRate(c, principal)) throw makeTooMany();
}

export async function isCredentialOverRate(
  c: Context<AppEnv>,
  { kind, credentialId }: Principal,
): Promise<boolean> {
  return kind !== "anonymous" && (await isOver(c, `credential ${credentialId}`));
}

async function isOver(c: Context<AppEnv>, key: string): Promise<boolean> {
  const { success } = await c.env.RATE_LIMIT.limit({ key });
  return !success;
}

/** The refusal of whoever has to slow down. */
export function makeTooMany(): RelayError {
  return new RelayError("rate_limited", "Too many requests. Slow down.", {
    headers: { "retry-after": String(RATE_SECONDS) },
  });
}

/** Lets no body in that is larger than so many bytes, whether or not its length was told. */
export function limitBody(maxBytes: number): MiddlewareHandler<AppEnv> {
  return bodyLimit({
    maxSize: maxBytes,
    onError() {
      throw new RelayError("payload_too_large", `The body may have at most ${maxBytes} bytes.`);
    },
  });
}

/** No body is larger than anything that is read. */
export const bodySize = limitBody(BODY_MAX_BYTES);

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

/** Whatever a request waits for, the database as well, whoever asks is told after a while. */
export const answerInTime: MiddlewareHandler<AppEnv> = (_c, next) => within(REQUEST_MS, next());

const JSON_TYPES = /^application\/(json|merge-patch\+json)\s*(;|$)/i;

/** A body must say that it is JSON. */
export const bodyType: MiddlewareHandler<AppEnv> = async (c, next) => {
  const hasBody = c.req.raw.body !== null && c.req.header("content-length") !== "0";
  if (hasBody && !JSON_TYPES.test(c.req.header("content-type") ?? "")) {
    throw new RelayError("unsupported_media_type", "The body must be application/json.");
  }
  return next();
};
