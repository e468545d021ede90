import { z } from "zod";

import { decodeJson } from "../../../lib/json.ts";
import type { CodeLogIn, Renewed } from "../../provider.ts";
import { DEFAULT_LOGIN_URL, DEFAULT_URL, Secret, TokenError } from "../wire/frames.ts";
import { makeTokenRequest, makeUrl, readTokens } from "./renewal.ts";

const Client = z
  .strictObject({ clientId: Secret, clientSecret: Secret })
  .describe("`{clientId, clientSecret}` of an application of one's own, developers.restream.io");

/** The log-in with Restream: the owner of an account consents, and Restream sends them back with a code. */
export const logIn: CodeLogIn = {
  kind: "code",
  Client,
  makeAddress(client, { url, redirectUri, state }) {
    const address = new URL(makeUrl(url, "/login", DEFAULT_LOGIN_URL));
    address.searchParams.set("response_type", "code");
    address.searchParams.set("client_id", Client.parse(client).clientId);
    address.searchParams.set("redirect_uri", redirectUri);
    address.searchParams.set("state", state);
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
    const { refreshToken } = tokens ?? {};
    if (tokens !== null && refreshToken !== undefined) {
      return { ok: true, credentials: { ...Client.parse(client), ...tokens, refreshToken } };
    }
    const [reason, detail] = judge(status, body);
    return { ok: false, failure: { remedy: "stop", reason, detail } };
  },
};

/** The reason for which there are no tokens, and what to do about it. */
function judge(status: number, body: string): [reason: string, detail: string] {
  const { host } = new URL(DEFAULT_URL);
  const answered = `Restream's token endpoint answered ${status}`;
  if (status === 429) return ["rate_limited", `${answered}: wait a while, and begin again.`];
  if (status >= 500) return ["provider_down", `${answered}: begin again later.`];
  if (status < 400) return ["answer_unreadable", `${answered}, without tokens (${host}).`];
  const error = decodeJson(TokenError, body);
  const name = error.ok ? error.value.error.name : null;
  return status === 401 || name === "invalid_client"
    ? ["client_invalid", "Restream does not know this client id with this client secret."]
    : [
        "code_refused",
        "Restream refused the code: it has run out or was used before, or the application has another redirect address. Begin again.",
      ];
}
