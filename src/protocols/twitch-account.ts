import { z } from "zod";

import { decodeJson, type Json } from "../lib/json.ts";
import {
  classifyRefusal,
  type DialRefusal,
  type ProviderLink,
  type Renewal,
  type Renewed,
} from "./provider.ts";
import type { HttpExchange, LinkFailure } from "./session.ts";

/*
 * A user's account with Twitch, by whichever of its protocols it is used: the token, whose it is and
 * what it may do, and its renewal.
 */

/** The hosts that take requests of accounts, and that look at their tokens and renew them. */
export const HELIX_URL = "https://api.twitch.tv";
export const ID_URL = "https://id.twitch.tv";

/** The channel that a link hears, by its login. */
export const Target = z
  .strictObject({
    channel: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9_]{1,25}$/, "must be a login: letters, digits and _"),
  })
  .describe("`{channel}`");

// Header values and forms: what could end a header is in no credential of Twitch's.
export const Secret = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, "must be letters, digits and signs");

export const AccountCredentials = z.strictObject({
  clientId: Secret,
  accessToken: Secret,
  refreshToken: Secret.optional(),
  /** Apps without a secret have none. */
  clientSecret: Secret.optional(),
});

/** Describes them in the API's document. */
export const ABOUT_CREDENTIALS = "`{clientId, accessToken, refreshToken?, clientSecret?}`";

/** The same, or nothing where nobody needs an account to read. */
export const OptionalCredentials = z.union([AccountCredentials, z.strictObject({})]);

/** A user's token, as it is used. */
export interface Account {
  readonly clientId: string;
  readonly token: string;
  readonly isRenewable: boolean;
}

/** The account in a link's credentials; null where there is none. */
export function readAccount(credentials: Json): Account | null {
  const known = OptionalCredentials.parse(credentials);
  if (!("accessToken" in known)) return null;
  const { clientId, accessToken, refreshToken } = known;
  return { clientId, token: stripScheme(accessToken), isRenewable: refreshToken !== undefined };
}

/** Reads an answer other than a socket: a token that is refused is renewed first. */
export function readRefusal(refusal: DialRefusal): LinkFailure {
  const failure = classifyRefusal(refusal);
  return failure.reason === "token_invalid" ? { ...failure, remedy: "renew" } : failure;
}

/** Every secret in the credentials, as it was given and as it is used. */
export function listSecrets(credentials: Json): string[] {
  const known = OptionalCredentials.parse(credentials);
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
 * A token is renewed once Twitch has refused it, never by the clock: no dial waits for one. The old
 * refresh token may be used up by it.
 */
export const renewal: Renewal = {
  due: () => null,
  forced: requestRenewal,
  answered: readRenewal,
};

function requestRenewal(link: ProviderLink): HttpExchange | null {
  const known = OptionalCredentials.parse(link.credentials);
  if (!("accessToken" in known) || known.refreshToken === undefined) return null;
  const { clientId, clientSecret, refreshToken } = known;
  return postForm(link.url, "/oauth2/token", {
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: clientId,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
  });
}

/** A form for whoever looks at tokens and gives them. */
export function postForm(
  url: string | null,
  path: string,
  form: Record<string, string>,
): HttpExchange {
  return {
    url: makeHttpUrl(url, ID_URL, path),
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams(form).toString(),
  };
}

/** Tokens, as they are given for a consent and for a renewal. */
export const TokenAnswer = z.looseObject({ access_token: Secret, refresh_token: Secret.nullish() });

function readRenewal(
  link: ProviderLink,
  { status, body }: { status: number; body: string },
): Renewed {
  const known = OptionalCredentials.parse(link.credentials);
  const answer = status === 200 ? decodeJson(TokenAnswer, body) : null;
  if (answer?.ok === true && "accessToken" in known) {
    const { access_token: accessToken, refresh_token: refreshToken } = answer.value;
    const renewed = { ...known, accessToken, ...(refreshToken != null && { refreshToken }) };
    return { ok: true, credentials: renewed };
  }
  const isFinal = status === 400 || status === 401 || status === 403;
  const remedy = isFinal ? "stop" : status === 429 ? "slow" : "retry";
  const detail = isFinal
    ? "Twitch refused the refresh token: log in again."
    : `Twitch's token endpoint answered ${status}.`;
  const reason = isFinal ? "credentials_expired" : "renewal_failed";
  return { ok: false, failure: { remedy, reason, detail } };
}

/** Twitch's word on a token. */
export type Validation =
  | { readonly type: "good"; readonly holder: Holder }
  /** It is another application's than its owner says. */
  | { readonly type: "useless"; readonly reason: string }
  /** It has run out, or was taken back. */
  | { readonly type: "refused" }
  /** It was not said. */
  | { readonly type: "unknown" };

/** The user whose token it is, and what it may do. */
export interface Holder {
  readonly userId: string;
  readonly login: string;
  readonly scopes: readonly string[];
}

// Whoever keeps a user's token looks at it each hour: Twitch wants it so.
export const VALIDATE_EACH_MS = 3_600_000;
export const VALIDATE_AGAIN_MS = 60_000;

/** Asks about a token. Whoever keeps one has to, at the start and each hour. */
export function requestValidation(url: string | null, { token }: Account): HttpExchange {
  return {
    url: makeHttpUrl(url, ID_URL, "/oauth2/validate"),
    method: "GET",
    headers: { authorization: `OAuth ${token}`, accept: "application/json" },
  };
}

const ValidAnswer = z.looseObject({
  client_id: z.string(),
  login: z.string().nullish().catch(null),
  user_id: z.string().min(1),
  scopes: z.array(z.string()).nullish(),
});

export function readValidation(account: Account, status: number, body: string): Validation {
  if (status === 401) return { type: "refused" };
  const decoded = status === 200 ? decodeJson(ValidAnswer, body) : null;
  if (decoded?.ok !== true) return { type: "unknown" };
  const { client_id: clientId, user_id: userId, login, scopes } = decoded.value;
  if (clientId !== account.clientId) return { type: "useless", reason: "token_wrong_client" };
  return { type: "good", holder: { userId, login: login ?? "", scopes: scopes ?? [] } };
}

/** Headers with which Helix knows the account. */
export function authorize({ token, clientId }: Account): Record<string, string> {
  return { authorization: `Bearer ${token}`, "client-id": clientId };
}
