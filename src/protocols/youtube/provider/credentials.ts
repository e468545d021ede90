import { z } from "zod";

import { decodeJson, type Json } from "../../../lib/json.ts";
import { isTime } from "../../../lib/time.ts";
import type { ProviderLink, Renewal, Renewed } from "../../provider.ts";
import type { HttpExchange } from "../../session.ts";
import { DAILY_UNITS, TOKEN_URL, TokenAnswer, TokenRefusal } from "../wire/frames.ts";

// Header values, forms and queries: what could end a header is in no credential of Google's.
export const Secret = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, "must be letters, digits and signs");

/** Units a day, where Google gave the project more or fewer than it gives everyone. */
const dailyUnits = z.int().min(100).max(100_000_000).optional();

const Key = z.strictObject({ apiKey: Secret, dailyUnits });

const Account = z.strictObject({
  clientId: Secret,
  clientSecret: Secret,
  refreshToken: Secret,
  /** Filled in by us. */
  accessToken: Secret.optional(),
  /** Milliseconds since 1970. Filled in by us. */
  expiresAt: z.number().optional(),
  dailyUnits,
});

/** A key, to read what is public, or the account of a streamer, to read their own and to write. */
export const Credentials = z
  .union([Key, Account])
  .describe("`{apiKey, dailyUnits?}` or `{clientId, clientSecret, refreshToken, dailyUnits?}`");

/** How Google is asked, and who pays for it. */
export interface Access {
  readonly key: string | null;
  readonly token: string | null;
  /** When the token runs out; null for a key. */
  readonly expiresAt: number | null;
  /** The name that Google counts by: a secret, where it is a key. */
  readonly account: string;
  readonly dailyUnits: number;
}

export function readAccess(credentials: Json): Access {
  const known = Credentials.parse(credentials);
  const { dailyUnits: units = DAILY_UNITS } = known;
  if ("apiKey" in known) {
    const { apiKey } = known;
    return { key: apiKey, token: null, expiresAt: null, account: apiKey, dailyUnits: units };
  }
  const { clientId, accessToken, expiresAt } = known;
  return {
    key: null,
    token: accessToken ?? null,
    expiresAt: expiresAt ?? null,
    // All of a project's clients have its number before the sign, and Google counts by project.
    account: /^(\d+)-/.exec(clientId)?.[1] ?? clientId,
    dailyUnits: units,
  };
}

/** Every secret in the credentials. */
export function listSecrets(credentials: Json): string[] {
  const known = Credentials.parse(credentials);
  if ("apiKey" in known) return [known.apiKey];
  const { clientSecret, refreshToken, accessToken } = known;
  return [clientSecret, refreshToken, ...(accessToken === undefined ? [] : [accessToken])];
}

/** With an address of its own, everything of Google's is below it. */
export function makeUrl(url: string | null, own: string, path: string): URL {
  if (url === null) return new URL(path, own);
  const made = new URL(url);
  made.protocol = made.protocol.replace(/^ws/, "http");
  made.pathname = made.pathname.replace(/\/$/, "") + path;
  return made;
}

// Google's tokens live for about an hour; used where its answer does not say.
const DEFAULT_LIFE_S = 3600;

// A dial so long before a token's end gets a new one: sessions ask for it a little later.
export const SPARE_MS = 600_000;

/**
 * A refresh token stays the same, and is good until somebody takes it back: one of a project that is
 * still being tested for seven days.
 */
export const renewal: Renewal = {
  due(link, at) {
    const known = Credentials.parse(link.credentials);
    if ("apiKey" in known) return null;
    const { accessToken, expiresAt = 0 } = known;
    return accessToken !== undefined && expiresAt - SPARE_MS > at ? null : requestRenewal(link);
  },
  forced: requestRenewal,
  answered: readRenewal,
};

function requestRenewal(link: ProviderLink): HttpExchange | null {
  const known = Credentials.parse(link.credentials);
  if ("apiKey" in known) return null;
  const { refreshToken } = known;
  return makeTokenRequest(link.url, known, {
    grant_type: "refresh_token",
    refresh_token: refreshToken,
  });
}

/** The exchange of a grant for tokens. */
export function makeTokenRequest(
  url: string | null,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
  grant: Record<string, string>,
): HttpExchange {
  return {
    url: makeUrl(url, TOKEN_URL, "/token").toString(),
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      ...grant,
    }).toString(),
  };
}

/** The tokens of an answer; null where it has none that can be used. */
export function readTokens(
  body: string,
  at: number,
): { accessToken: string; expiresAt: number; refreshToken: string | undefined } | null {
  const answer = decodeJson(TokenAnswer, body);
  const token = answer.ok ? Secret.safeParse(answer.value.access_token) : null;
  if (!answer.ok || token?.success !== true) return null;
  const lifeS = Number(answer.value.expires_in ?? DEFAULT_LIFE_S);
  const end = at + lifeS * 1000;
  const refresh = Secret.safeParse(answer.value.refresh_token);
  return {
    accessToken: token.data,
    expiresAt: isTime(end) ? end : at,
    refreshToken: refresh.data,
  };
}

function readRenewal(
  link: ProviderLink,
  { status, body }: { status: number; body: string },
  at: number,
): Renewed {
  const known = Credentials.parse(link.credentials);
  const tokens = status === 200 ? readTokens(body, at) : null;
  if (tokens !== null && !("apiKey" in known)) {
    const { accessToken, expiresAt } = tokens;
    return { ok: true, credentials: { ...known, accessToken, expiresAt } };
  }
  const refusal = decodeJson(TokenRefusal, body);
  const word = refusal.ok ? refusal.value.error : "";
  if (status === 401 || word === "invalid_client" || word === "unauthorized_client") {
    const detail = "Google does not know this client id with this client secret.";
    return { ok: false, failure: { remedy: "stop", reason: "client_invalid", detail } };
  }
  if (status === 400 || status === 403) {
    const detail =
      "Google refused the refresh token: log in again. While the Google project is in testing, a log-in lasts for seven days.";
    return { ok: false, failure: { remedy: "stop", reason: "credentials_expired", detail } };
  }
  const remedy = status === 429 ? "slow" : "retry";
  const detail = `Google's token endpoint answered ${status}.`;
  return { ok: false, failure: { remedy, reason: "renewal_failed", detail } };
}
