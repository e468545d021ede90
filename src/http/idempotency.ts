import type { MiddlewareHandler } from "hono";
import { z } from "zod";

import { RelayError } from "../errors.ts";
import { decodeJson } from "../lib/json.ts";
import { NONCE_BYTES, seal, sha256, unseal } from "../lib/secrecy.ts";
import {
  abandonRequest,
  beginRequest,
  finishRequest,
  forgetOldest,
  forgetRequests,
} from "../store/history/idempotency.ts";
import { principalOf } from "./access.ts";
import type { AppEnv } from "./env.ts";

/*
 * `Idempotency-Key` on every POST (draft-ietf-httpapi-idempotency-key-header-07): the same key with
 * the same request is carried out once and answered twice; with another request it is refused.
 */

const KEY = /^[\x21-\x7e]{1,200}$/;

// A request that has not been answered by then was lost with its Worker.
const ABANDONED_MS = 60_000;

// How long requests are remembered, and how many of one credential at least.
const DAY_MS = 86_400_000;
const KEEP = 10_000;

// With one request in so many as many old ones and more are forgotten: that keeps up with any flood.
const TIDY_EVERY = 1_000;
const TIDY_ROWS = 2_000;

const Kept = z.object({ body: z.string(), headers: z.record(z.string(), z.string()) });

/** Headers that belong to an answer, and go out with it again. */
const KEPT_HEADERS = ["content-type", "location", "etag"];

export const idempotency: MiddlewareHandler<AppEnv> = async (c, next) => {
  const key = c.req.header("idempotency-key");
  if (c.req.method !== "POST" || key === undefined) return next();
  if (!KEY.test(key)) {
    throw new RelayError("bad_request", "Idempotency-Key must be 1 to 200 printable characters.");
  }
  const { credentialId } = await principalOf(c);
  // Nobody in particular cannot be told apart from others: there is nothing to remember by.
  if (credentialId === "anonymous") return next();
  const { pathname, search } = new URL(c.req.url);
  const id = await sha256([credentialId, pathname, search, key].join("\n"));
  const fingerprint = await sha256(await c.req.text());
  const now = Date.now();
  const request = { id, credential: credentialId, fingerprint, now };
  const earlier = await beginRequest(c.env.DB, request, now - ABANDONED_MS);
  if (Math.random() * TIDY_EVERY < 1) c.executionCtx.waitUntil(tidy(c.env.DB, credentialId, now));
  if (earlier !== null) return replay(c.env.TRIBUTARY_MASTER_KEY, id, fingerprint, earlier);
  await next();
  await keep(c.env, id, c.res);
};

/** Forgets what is too old, and what of a credential is too much. What fails is done another time. */
async function tidy(db: D1Database, credential: string, now: number): Promise<void> {
  try {
    await forgetRequests(db, now - DAY_MS, TIDY_ROWS);
    await forgetOldest(db, credential, { keep: KEEP, max: TIDY_ROWS });
  } catch (error) {
    console.error("requests not forgotten", { error: String(error).slice(0, 200) });
  }
}

function replay(
  masterKey: string,
  id: string,
  fingerprint: string,
  earlier: { fingerprint: string; status: number | null; answer: string | null },
): Promise<Response> {
  if (earlier.fingerprint !== fingerprint) {
    throw new RelayError("idempotency_mismatch", "This key came with another request before.");
  }
  const { status, answer } = earlier;
  if (status === null || answer === null) {
    throw new RelayError("idempotency_in_flight", "The first request is still under way.", {
      headers: { "retry-after": "1" },
    });
  }
  return unsealed(masterKey, id, status, answer);
}

async function unsealed(
  masterKey: string,
  id: string,
  status: number,
  answer: string,
): Promise<Response> {
  const text = await unseal(masterKey, placeOf(id), answer);
  const kept = text === null ? null : decodeJson(Kept, text);
  if (kept === null || !kept.ok) {
    throw new RelayError("unavailable", "The first answer cannot be read any more.");
  }
  const { body, headers } = kept.value;
  return new Response(body === "" ? null : body, {
    status,
    headers: { ...headers, "idempotency-replayed": "true" },
  });
}

/** What succeeded or was refused for good is kept; what may go better next time is not. */
async function keep(env: Env, id: string, response: Response): Promise<void> {
  const { status } = response;
  const isFinal = status < 500 && status !== 401 && status !== 409 && status !== 429;
  if (!isFinal) return abandonRequest(env.DB, id);
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const text = JSON.stringify({ body: await response.clone().text(), headers });
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await seal(env.TRIBUTARY_MASTER_KEY, placeOf(id), text, nonce);
  await finishRequest(env.DB, id, status, sealed);
}

function placeOf(id: string): string {
  return `idempotency:${id}`;
}
