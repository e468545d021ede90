import { z } from "zod";

import { decodeJson, type Json } from "../../../lib/json.ts";
import { isTime } from "../../../lib/time.ts";
import type { ProviderLink, Renewal, Renewed } from "../../provider.ts";
import type { HttpExchange } from "../../session.ts";
import { DEFAULT_TOKEN_URL, DEFAULT_URL, Secret, TokenAnswer } from "../wire/frames.ts";

/** An access token got elsewhere, or what is needed to get and renew our own. */
export const Credentials = z
  .union([
    z.strictObject({
      clientId: Secret,
      clientSecret: Secret,
      refreshToken: Secret,
      /** Filled in by us. */
      accessToken: Secret.optional(),
      /** Milliseconds since 1970. Filled in by us. */
      expiresAt: z.number().optional(),
    }),
    z.strictObject({ accessToken: Secret }),
  ])
  .describe("`{accessToken}` or `{clientId, clientSecret, refreshToken}`");
export type Credentials = z.infer<typeof Credentials>;

// A token that runs out while we dial is as good as none.
const SPARE_MS = 60_000;

// Restream's tokens live for about an hour; used where its answer does not say.
const DEFAULT_LIFE_S = 3600;

/**
 * Restream reads the token at connect only, and a refresh token works once: what comes back with
 * the access token has to be kept before it is used.
 */
export const renewal: Renewal = {
  due(link, at) {
    const credentials = Credentials.parse(link.credentials);
    if (!("refreshToken" in credentials)) return null;
    const { accessToken, expiresAt = 0 } = credentials;
    return accessToken !== undefined && expiresAt - SPARE_MS > at ? null : request(link);
  },
  forced: request,
  answered: readRenewal,
};

function request(link: ProviderLink): HttpExchange | null {
  const credentials = Credentials.parse(link.credentials);
  if (!("refreshToken" in credentials)) return null;
  const { refreshToken } = credentials;
  return makeTokenRequest(link.url, credentials, {
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
    url: makeUrl(url, "/oauth/token", DEFAULT_TOKEN_URL),
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    },
    body: new URLSearchParams(grant).toString(),
  };
}

/** With an address of its own, a path on the same host and port; else Restream's own address. */
export function makeUrl(url: string | null, path: string, own: string): string {
  const made = new URL(path, url ?? DEFAULT_URL);
  if (made.host === new URL(DEFAULT_URL).host) return own;
  made.protocol = made.protocol === "ws:" ? "http:" : "https:";
  return made.toString();
}

/** The tokens of an answer; null where it has none. */
export function readTokens(
  body: string,
  at: number,
): { accessToken: string; refreshToken: string | undefined; expiresAt: number } | null {
  const decoded = decodeJson(TokenAnswer, body);
  const answer = decoded.ok ? decoded.value : {};
  const accessToken = answer.access_token ?? answer.accessToken;
  if (accessToken == null) return null;
  const lifeMs = (answer.expires_in ?? answer.expiresIn ?? DEFAULT_LIFE_S) * 1000;
  const expiresAt = isTime(at + lifeMs) ? at + lifeMs : at;
  const refreshToken = answer.refresh_token ?? answer.refreshToken ?? undefined;
  return { accessToken, refreshToken, expiresAt };
}

function readRenewal(
  link: ProviderLink,
  { status, body }: { status: number; body: string },
  at: number,
): Renewed {
  if (status === 400 || status === 401 || status === 403) {
    return {
      ok: false,
      failure: {
        remedy: "stop",
        reason: "credentials_expired",
        detail: "Restream refused the refresh token: link the account anew.",
      },
    };
  }
  const tokens = status === 200 ? readTokens(body, at) : null;
  if (tokens === null) {
    return {
      ok: false,
      failure: {
        remedy: status === 429 ? "slow" : "retry",
        reason: "renewal_failed",
        detail: `Restream's token endpoint answered ${status}.`,
      },
    };
  }
  const credentials = Credentials.parse(link.credentials) as Extract<
    Credentials,
    { refreshToken: string }
  >;
  const { clientId, clientSecret, refreshToken } = credentials;
  const fresh: Json = {
    clientId,
    clientSecret,
    refreshToken: tokens.refreshToken ?? refreshToken,
    accessToken: tokens.accessToken,
    expiresAt: tokens.expiresAt,
  };
  return { ok: true, credentials: fresh };
}
