import { z } from "zod";

import { decodeJson } from "../../../lib/json.ts";
import type { LogIn, Renewed } from "../../provider.ts";
import { CONSENT_URL, TokenRefusal } from "../wire/frames.ts";
import { makeTokenRequest, makeUrl, readTokens, Secret } from "./credentials.ts";

// Reads the owner's own broadcasts, and writes in their chats.
const SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl";

const Client = z
  .strictObject({ clientId: Secret, clientSecret: Secret })
  .describe(
    "`{clientId, clientSecret}` of a Google project's OAuth client of the kind web application",
  );

/** The log-in with Google: the owner of a channel consents, and Google sends them back with a code. */
export const logIn: LogIn = {
  kind: "code",
  Client,
  makeAddress(client, { url, redirectUri, state }) {
    const address = makeUrl(url, CONSENT_URL, "/o/oauth2/v2/auth");
    for (const [name, value] of Object.entries({
      response_type: "code",
      client_id: Client.parse(client).clientId,
      redirect_uri: redirectUri,
      scope: SCOPE,
      // Without both there is no refresh token, or none the second time.
      access_type: "offline",
      prompt: "consent",
      state,
    })) {
      address.searchParams.set(name, value);
    }
    return address.toString();
  },
  exchange: (client, { url, redirectUri, code }) =>
    makeTokenRequest(url, Client.parse(client), {
      grant_type: "authorization_code",
      redirect_uri: redirectUri,
      code,
    }),
  answered(client, { status, body }, at): Renewed {
    const tokens = status === 200 ? readTokens(body, at) : null;
    if (tokens?.refreshToken !== undefined) {
      const { accessToken, expiresAt, refreshToken } = tokens;
      const credentials = { ...Client.parse(client), refreshToken, accessToken, expiresAt };
      return { ok: true, credentials };
    }
    const [reason, detail] = judge(status, body);
    return { ok: false, failure: { remedy: "stop", reason, detail } };
  },
};

/** The reason for which there are no tokens, and what to do about it. */
function judge(status: number, body: string): [reason: string, detail: string] {
  const answered = `Google's token endpoint answered ${status}`;
  if (status === 429) return ["rate_limited", `${answered}: wait a while, and begin again.`];
  if (status >= 500) return ["provider_down", `${answered}: begin again later.`];
  if (status < 400) return ["answer_unreadable", `${answered}, without a refresh token.`];
  const refusal = decodeJson(TokenRefusal, body);
  const isClient = status === 401 || (refusal.ok && refusal.value.error === "invalid_client");
  return isClient
    ? ["client_invalid", "Google does not know this client id with this client secret."]
    : [
        "code_refused",
        "Google refused the code: it has run out or was used before, or the client has another redirect address. Begin again.",
      ];
}
