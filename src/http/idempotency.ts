import type { Context, MiddlewareHandler } from "hono";
import { z } from "zod";

import { RelayError } from "../errors.ts";
import { decodeJson } from "../lib/json.ts";
import {
  deriveFor,
  explainUnopened,
  listMasterKeys,
  openSealed,
  readMasterKeys,
  sealFor,
  type MasterKeys,
} from "../lib/master-keys.ts";
import { NONCE_BYTES, hashSha256 } from "../lib/secrecy.ts";
import { fromBase64, signHmacSha256, importHmacKey } from "../lib/signing.ts";
import { report } from "../report.ts";
import {
  abandonRequest,
  beginRequest,
  finishRequest,
  forgetOldest,
  forgetRequests,
  isKnownRequest,
  RELEASED,
  releaseRequest,
} from "../store/history/idempotency.ts";
import { findPrincipal } from "./access.ts";
import type { AppEnv } from "./env.ts";

/*
 * `Idempotency-Key` on every POST (draft-ietf-httpapi-idempotency-key-header-07): the same key with
 * the same request is carried out once and answered twice; with another request it is refused.
 *
 * An answer can be lost where nothing can be kept of it: what a request does is therefore named by
 * the request itself, and whoever carries it out makes a thing of one name once.
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
  const { credentialId } = await findPrincipal(c);
  // Nobody in particular cannot be told apart from others: there is nothing to remember by.
  if (credentialId === "anonymous") return next();
  const keys = readMasterKeys(c.env);
  const id = await findRequestName(c.env.DB, keys, [credentialId, spellPath(c), key]);
  c.set("requestName", id);
  const fingerprint = await hashSha256(await c.req.text());
  const now = Date.now();
  const request = { id, credential: credentialId, fingerprint, now };
  const earlier = await beginRequest(c.env.DB, request, now - ABANDONED_MS);
  if (Math.random() * TIDY_EVERY < 1) c.executionCtx.waitUntil(tidy(c.env.DB, credentialId, now));
  if (earlier !== null) return replayAnswer(c.env, id, fingerprint, earlier);
  await next();
  try {
    await keep(c.env.DB, keys, id, c.res);
  } catch (error) {
    // It is done, and is answered: its repeat finds that out from whoever has done it.
    report("answer not kept", error, { requestId: c.get("requestId") });
  }
};

/**
 * Spells the path in the one way that stands for all of them: a channel has an id and a number, and
 * any letter may come as `%6D`. Only what is asked for counts, not how it was written.
 */
function spellPath(c: Context<AppEnv>): string {
  const { path } = c.req;
  const channel = c.get("channel");
  return channel === undefined
    ? path
    : path.replace(/^(\/v1\/channels\/)[^/]+/, (_, before: string) => before + channel.id);
}

/**
 * Forgets what is too old, and what of a credential is too much. What fails is done another time.
 */
async function tidy(db: D1Database, credential: string, now: number): Promise<void> {
  try {
    await forgetRequests(db, now - DAY_MS, TIDY_ROWS);
    await forgetOldest(db, credential, { keep: KEEP, max: TIDY_ROWS });
  } catch (error) {
    report("requests not forgotten", error);
  }
}

/** Gets the name of a request; null where it has no Idempotency-Key, or an anonymous sender. */
export function getRequestName(c: Context<AppEnv>): string | null {
  return c.get("requestName") ?? null;
}

/**
 * The name of a request: one that came before the master key was changed goes on under the name that
 * it was given then.
 */
async function findRequestName(
  db: D1Database,
  keys: MasterKeys,
  parts: readonly string[],
): Promise<string> {
  const [name = "", before] = await Promise.all(
    listMasterKeys(keys).map((master) => makeRequestName(master, parts)),
  );
  return before !== undefined && (await isKnownRequest(db, before)) ? before : name;
}

/**
 * The name of a request: 64 hex digits. With a secret, since some of what it names is told to
 * others and some may be named by others: nobody can find out a key from it, or name a thing first.
 */
async function makeRequestName(master: string, parts: readonly string[]): Promise<string> {
  const key = await importHmacKey(await deriveFor(master, "requests"));
  const bytes = fromBase64(await signHmacSha256(key, JSON.stringify(parts)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function replayAnswer(
  env: AppEnv["Bindings"],
  id: string,
  fingerprint: string,
  earlier: { fingerprint: string; status: number | null; answer: string | null },
): Promise<Response> {
  if (earlier.fingerprint !== fingerprint) {
    throw new RelayError("idempotency_mismatch", "This key came with another request before.");
  }
  const { status, answer } = earlier;
  if (status === null || status === RELEASED || answer === null) {
    throw new RelayError("idempotency_in_flight", "The first request is still under way.", {
      headers: { "retry-after": "1" },
    });
  }
  return openAnswer(env, id, status, answer);
}

async function openAnswer(
  env: AppEnv["Bindings"],
  id: string,
  status: number,
  answer: string,
): Promise<Response> {
  const keys = readMasterKeys(env);
  const opened = await openSealed(keys, "answer", id, answer);
  const kept = opened.ok ? decodeJson(Kept, opened.text) : null;
  if (!opened.ok || kept?.ok !== true) {
    const cause = new Error(explainUnopened(opened.ok ? { missing: null } : opened));
    throw new RelayError("unavailable", "The first answer cannot be read any more.", { cause });
  }
  if (opened.isOld)
    await finishRequest(env.DB, id, status, await sealAnswer(keys, id, opened.text));
  const { body, headers } = kept.value;
  return new Response(body === "" ? null : body, {
    status,
    headers: { ...headers, "idempotency-replayed": "true" },
  });
}

/**
 * Keeps an answer that is a success or a refusal for good, and none that is a refusal for now. What
 * failed may have been done all the same: the same request may be tried again, and no other with
 * its key.
 */
async function keep(
  db: D1Database,
  keys: MasterKeys,
  id: string,
  response: Response,
): Promise<void> {
  const { status } = response;
  if (status >= 500) return releaseRequest(db, id);
  const isFinal = status !== 401 && status !== 409 && status !== 429;
  if (!isFinal) return abandonRequest(db, id);
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const text = JSON.stringify({ body: await response.clone().text(), headers });
  await finishRequest(db, id, status, await sealAnswer(keys, id, text));
}

function sealAnswer(keys: MasterKeys, id: string, text: string): Promise<string> {
  return sealFor(keys, "answer", id, text, crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}
