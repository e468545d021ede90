import { z } from "zod";

import { decodeJson, type Json } from "../../../lib/json.ts";
import type { ProviderLink, Renewal, Renewed } from "../../provider.ts";
import type { HttpExchange } from "../../session.ts";
import { ID_URL } from "../wire/frames.ts";

// Header values and forms: what could end a header is in no credential of Twitch's.
const Secret = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, "must be letters, digits and signs");

const Account = z.strictObject({
  clientId: Secret,
  accessToken: Secret,
  refreshToken: Secret.optional(),
  /** Apps without a secret have none. */
  clientSecret: Secret.optional(),
});

/** Nothing, to read; a user's token and the app that it was given to, to write. */
export const Credentials = z
  .union([Account, z.strictObject({})])
  .describe("`{clientId, accessToken, refreshToken?, clientSecret?}`");

/** A user's token, as it is used. */
export interface Account {
  readonly clientId: string;
  readonly token: string;
  readonly isRenewable: boolean;
}

/** The account that writes; null where there is none. */
export function readAccount(credentials: Json): Account | null {
  const known = Credentials.parse(credentials);
  if (!("accessToken" in known)) return null;
  const { clientId, accessToken, refreshToken } = known;
  return { clientId, token: stripScheme(accessToken), isRenewable: refreshToken !== undefined };
}

/** Every secret in the credentials, as it was given and as it is used. */
export function listSecrets(credentials: Json): string[] {
  const known = Credentials.parse(credentials);
  if (!("accessToken" in known)) return [];
  const { accessToken, refreshToken, clientSecret } = known;
  const given = [accessToken, stripScheme(accessToken), refreshToken, clientSecret];
  return [...new Set(given)].filter((each) => each !== undefined);
}

/** Many have their token with the word that IRC wants before it. */
function stripScheme(token: string): string {
  return token.replace(/^oauth:(?=.)/i, "");
}

/** With an address of its own, Twitch's HTTP side is on the same host and port. */
export function makeHttpUrl(url: string | null, own: string, path: string): string {
  if (url === null) return own + path;
  const http = new URL(path, url);
  http.protocol = http.protocol === "ws:" ? "http:" : "https:";
  return http.toString();
}

/**
 * A token is renewed once Twitch has refused it, never by the clock: reading needs none, so no dial
 * waits for one. The old refresh token may be used up by it.
 */
export const renewal: Renewal = {
  due: () => null,
  forced: requestRenewal,
  answered: readRenewal,
};

function requestRenewal(link: ProviderLink): HttpExchange | null {
  const known = Credentials.parse(link.credentials);
  if (!("accessToken" in known) || known.refreshToken === undefined) return null;
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: known.refreshToken,
    client_id: known.clientId,
  });
  if (known.clientSecret !== undefined) form.set("client_secret", known.clientSecret);
  return {
    url: makeHttpUrl(link.url, ID_URL, "/oauth2/token"),
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: form.toString(),
  };
}

const TokenAnswer = z.looseObject({ access_token: Secret, refresh_token: Secret.nullish() });

function readRenewal(
  link: ProviderLink,
  { status, body }: { status: number; body: string },
): Renewed {
  const known = Credentials.parse(link.credentials);
  const answer = status === 200 ? decodeJson(TokenAnswer, body) : null;
  if (answer?.ok === true && "accessToken" in known) {
    const { access_token: accessToken, refresh_token: refreshToken } = answer.value;
    const renewed = { ...known, accessToken, ...(refreshToken != null && { refreshToken }) };
    return { ok: true, credentials: renewed };
  }
  const isFinal = status === 400 || status === 401 || status === 403;
  const remedy = isFinal ? "stop" : status === 429 ? "slow" : "retry";
  const detail = isFinal
    ? "Twitch refused the refresh token: log in again. Reading goes on without."
    : `Twitch's token endpoint answered ${status}.`;
  const reason = isFinal ? "credentials_expired" : "renewal_failed";
  return { ok: false, failure: { remedy, reason, detail } };
}
