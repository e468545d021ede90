import { z } from "zod";

import { decodeJson } from "../../../lib/json.ts";
import type { Deployment } from "../../hook.ts";
import type { CodeLogIn, Renewed } from "../../provider.ts";
import { askCodeToken, readToken } from "./api.ts";
import { APP_REFUSED, NO_APP } from "./failures.ts";
import { readPlace, type App, type Place } from "./link.ts";

// Writes in chats. What is heard is the app's own.
const SCOPE = "chat:write";

/** The log-in with Kick, by the relay's own app: an account consents to being written as. */
export const logIn: CodeLogIn = {
  kind: "code",
  Client: z.strictObject({}).describe("nothing: the relay's own app asks"),
  checkDeployment: (deployment) => (readPlace(deployment).app === null ? NO_APP.detail : null),
  makeAddress(_client, { deployment, redirectUri, state, proof }) {
    const [{ authUrl }, { clientId }] = readApp(deployment);
    const address = new URL(`${authUrl}/oauth/authorize`);
    for (const [name, value] of Object.entries({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: SCOPE,
      code_challenge: proof.challenge,
      code_challenge_method: "S256",
      state,
    })) {
      address.searchParams.set(name, value);
    }
    return address.toString();
  },
  exchange(_client, { deployment, redirectUri, code, proof }) {
    const [place, app] = readApp(deployment);
    return askCodeToken(place, app, { code, redirectUri, verifier: proof.verifier });
  },
  answered(_client, { status, body }): Renewed {
    const token = status === 200 ? readToken(body) : null;
    if (token === null) return { ok: false, failure: judge(status, body) };
    const { access_token: accessToken, refresh_token: refreshToken } = token;
    return {
      ok: true,
      credentials: { accessToken, ...(refreshToken != null && { refreshToken }) },
    };
  },
};

/** The app that `checkDeployment` has found; an empty one where it was taken away since. */
function readApp(deployment: Deployment): [Place, App] {
  const place = readPlace(deployment);
  return [place, place.app ?? { clientId: "", clientSecret: "" }];
}

const Refusal = z.looseObject({ error: z.string() });

/** The reason for which there are no tokens, and what to do about it. */
function judge(status: number, body: string): (Renewed & { ok: false })["failure"] {
  const refusal = decodeJson(Refusal, body);
  if (status === 401 || (refusal.ok && refusal.value.error === "invalid_client")) {
    return { ...APP_REFUSED, remedy: "stop" };
  }
  const answered = `Kick's token endpoint answered ${status}`;
  const [reason, detail] =
    status === 429
      ? ["rate_limited", `${answered}: wait a while, and begin again.`]
      : status >= 500 || status === 403
        ? ["provider_down", `${answered}: begin again later.`]
        : status < 400
          ? ["answer_unreadable", `${answered}, without a token.`]
          : [
              "code_refused",
              "Kick refused the code: it has run out or was used before, or the app has another redirect address. Begin again.",
            ];
  return { remedy: "stop", reason, detail };
}
