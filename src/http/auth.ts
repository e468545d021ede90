import { RelayError } from "../errors.ts";
import { isFoldedKey, readKey } from "../event/credential-form.ts";
import { isValid, Scope, type Principal } from "../event/principal.ts";
import { readMasterKeys, type MasterKeyEnv } from "../lib/master-keys.ts";
import { equalDigests, hashSha256 } from "../lib/secrecy.ts";
import { findFoldedKey, type KeyRecord } from "../store/history/keys.ts";
import type { OptionalEnv } from "./env.ts";
import { readExtensionToken } from "./extension-tokens.ts";
import { noteKeyUse } from "./key-use.ts";
import { lookUpNow, lookUpRecent, type LookUps } from "./look-ups.ts";
import { readToken } from "./tokens.ts";

/** Nobody in particular: may read public channels. */
const ANONYMOUS: Principal = {
  kind: "anonymous",
  credentialId: "anonymous",
  scopes: [],
  channels: null,
};

/** The prefix of the name of a key's principal. */
const KEY_NAME = "key:";

/** The bindings that a credential is checked against. */
type AuthEnv = Pick<Env, "DB" | "TRIBUTARY_ADMIN_KEY"> & MasterKeyEnv & OptionalEnv;

/** The credential a request carries: `Authorization: Bearer`, or `token` in the address. */
export function readCredential(request: Request): string | null {
  const header = request.headers.get("authorization");
  if (header !== null) {
    // All of the header: what is passed over would tell one request from the next.
    const credential = /^bearer +(\S+) *$/i.exec(header)?.[1];
    if (credential === undefined) {
      throw makeUnauthorized("The Authorization header must be: Bearer <key or token>.");
    }
    return credential;
  }
  return new URL(request.url).searchParams.get("token");
}

/** Whom a credential speaks for. A credential that does not hold is a 401, not nobody. */
export async function authenticate(
  env: AuthEnv,
  credential: string | null,
  now: number,
  lookUps: LookUps = lookUpNow(env.DB),
): Promise<Principal> {
  if (credential === null) return ANONYMOUS;
  const digest = await hashSha256(credential);
  if (await isAdminKey(env, digest)) {
    return { kind: "admin", credentialId: "admin", scopes: [...Scope.options], channels: null };
  }
  const key = readKey(credential);
  const principal =
    key === null
      ? await authenticateToken(env, credential, lookUps)
      : key.prefix === "trb"
        ? await authenticateApiKey(lookUps, key.id, digest)
        : await authenticateOverlayKey(env.DB, lookUps, key.id, digest, now);
  if (principal === null) throw makeUnauthorized("The credential is unknown, revoked or expired.");
  if (!isValid(principal, now)) throw makeUnauthorized("The credential has expired.");
  return principal;
}

/** Is it the digest of the admin key, or, while that is being changed, of the one before? */
async function isAdminKey(env: AuthEnv, digest: string): Promise<boolean> {
  for (const key of [env.TRIBUTARY_ADMIN_KEY, env.TRIBUTARY_ADMIN_KEY_PREVIOUS]) {
    // One that is empty is none.
    if (key && equalDigests(digest, await hashSha256(key))) return true;
  }
  return false;
}

/** Whom a credential speaks for; null if it does not hold. */
export async function tryAuthenticate(
  env: AuthEnv,
  credential: string | null,
  now: number,
  lookUps?: LookUps,
): Promise<Principal | null> {
  try {
    return await authenticate(env, credential, now, lookUps);
  } catch (error) {
    // The answer: the credential does not hold. Whatever else failed is passed on.
    if (error instanceof RelayError && error.code === "unauthorized") return null;
    throw error;
  }
}

/**
 * The same for a hub, which knows of revocations itself: by the records of a moment ago, and by those
 * of now where these do not do. A program there may write a key in small letters (decision 0190).
 */
export async function letInAnywhere(
  env: AuthEnv,
  credential: string | null,
  now: number,
): Promise<Principal | null> {
  const recent = lookUpRecent(env.DB);
  const principal = await tryAuthenticate(env, credential, now, recent);
  if (principal !== null || credential === null) return principal;
  if (isFoldedKey(credential)) {
    const folded = await hashSha256(credential);
    const found = toPrincipal(await findFoldedKey(env.DB.withSession(), folded));
    if (found !== null) return isValid(found, now) ? found : null;
  }
  return recent.isOld ? tryAuthenticate(env, credential, now) : null;
}

/**
 * A token of ours or, where the relay stands in for a Twitch extension's backend, one of Twitch's.
 */
async function authenticateToken(
  env: AuthEnv,
  token: string,
  lookUps: LookUps,
): Promise<Principal | null> {
  const principal = await readToken(readMasterKeys(env), token);
  if (principal !== null) return (await hasMaker(lookUps, principal)) ? principal : null;
  const { TWITCH_EXTENSION_SECRET: secret = "" } = env;
  return secret === "" ? null : readExtensionToken(secret, env.DB, token);
}

/** Does the key still hold that a token was made with, if it was made with one? */
async function hasMaker(lookUps: LookUps, { maker }: Principal): Promise<boolean> {
  if (maker === undefined) return true;
  const key = await lookUps.findKey(maker.slice(KEY_NAME.length));
  return key !== null && key.revokedAt === null;
}

async function authenticateApiKey(
  lookUps: LookUps,
  id: string,
  digest: string,
): Promise<Principal | null> {
  const key = await lookUps.findKey(id);
  return key !== null && equalDigests(key.digest, digest) ? toPrincipal(key) : null;
}

/** The principal that a key speaks for; null for one that there is not, or that was revoked. */
function toPrincipal(key: KeyRecord | null): Principal | null {
  if (key === null || key.revokedAt !== null) return null;
  return {
    kind: "key",
    credentialId: KEY_NAME + key.id,
    scopes: [...key.scopes],
    channels: key.channels === null ? null : [...key.channels],
    ...(key.expiresAt !== null && { expiresAt: key.expiresAt }),
  };
}

async function authenticateOverlayKey(
  db: D1Database,
  lookUps: LookUps,
  id: string,
  digest: string,
  now: number,
): Promise<Principal | null> {
  const key = await lookUps.findOverlayKey(id);
  if (key === null || key.revokedAt !== null || !equalDigests(key.digest, digest)) return null;
  if (key.expiresAt === null || key.expiresAt > now) await noteKeyUse(db, key, now);
  return {
    kind: "overlay",
    credentialId: `overlay:${key.id}`,
    scopes: ["events:read"],
    channels: [{ id: key.channelId, number: key.channel }],
    ...(key.expiresAt !== null && { expiresAt: key.expiresAt }),
  };
}

function makeUnauthorized(detail: string): RelayError {
  return new RelayError("unauthorized", detail);
}
