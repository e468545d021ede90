import { z } from "zod";

import type { Json } from "../../../lib/json.ts";
import type { ProviderLink, Renewal, Renewed } from "../../provider.ts";
import type { HttpExchange } from "../../session.ts";
import { askUserToken, readToken, Token } from "./api.ts";
import { APP_REFUSED } from "./failures.ts";
import { readPlace, type Account } from "./link.ts";

/** Nothing, to hear; a user's token to write. */
export const Credentials = z
  .strictObject({ accessToken: Token.optional(), refreshToken: Token.optional() })
  .refine(
    ({ accessToken, refreshToken }) => accessToken !== undefined || refreshToken === undefined,
    {
      message: "is needed beside a refresh token",
      path: ["accessToken"],
    },
  )
  .describe("`{accessToken?, refreshToken?}`");

export function readAccount(credentials: Json): Account | null {
  const { accessToken, refreshToken } = Credentials.parse(credentials);
  if (accessToken === undefined) return null;
  return { token: accessToken, isRenewable: refreshToken !== undefined };
}

export function listSecrets(credentials: Json): string[] {
  const { accessToken, refreshToken } = Credentials.parse(credentials);
  return [accessToken, refreshToken].filter((each) => each !== undefined);
}

/** A user's token is renewed once Kick has refused it: hearing needs none. Both tokens are replaced. */
export const renewal: Renewal = { due: () => null, forced: requestRenewal, answered: readRenewal };

function requestRenewal({ credentials, deployment }: ProviderLink): HttpExchange | null {
  const { refreshToken } = Credentials.parse(credentials);
  const place = readPlace(deployment);
  if (refreshToken === undefined || place.app === null) return null;
  return askUserToken(place, place.app, refreshToken);
}

function readRenewal(
  { credentials }: ProviderLink,
  { status, body }: { status: number; body: string },
): Renewed {
  const known = Credentials.parse(credentials);
  const token = status === 200 ? readToken(body) : null;
  if (token !== null) {
    const { access_token: accessToken, refresh_token: refreshToken } = token;
    const renewed = { ...known, accessToken, ...(refreshToken != null && { refreshToken }) };
    return { ok: true, credentials: renewed };
  }
  // It is the app that was refused, and not the user's token.
  if (status === 401 && body.includes("invalid_client")) return { ok: false, failure: APP_REFUSED };
  const isFinal = status === 400 || status === 401;
  const remedy = isFinal ? "stop" : status === 403 || status === 429 ? "slow" : "retry";
  const detail = isFinal
    ? "Kick refused the refresh token: log in again, or take the token away to hear without it."
    : `Kick's token endpoint answered ${status}.`;
  const reason = isFinal ? "credentials_expired" : "renewal_failed";
  return { ok: false, failure: { remedy, reason, detail } };
}
