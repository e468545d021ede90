import { z } from "zod";

import { decodeJson } from "../lib/json.ts";
import type { DeviceAnswered, DeviceBegun, DeviceLogIn } from "./provider.ts";
import {
  postForm,
  readAccount,
  readValidation,
  requestValidation,
  Secret,
  TokenAnswer,
} from "./twitch-account.ts";

/*
 * The log-in with Twitch for a device (dev.twitch.tv, "Getting OAuth Access Tokens", device code grant
 * flow), by whichever of its protocols the account is used. It needs no redirect address, and of a
 * public application no secret. Where it differs from RFC 8628:
 *
 * - what is wrong is told as a message, in words or as a name, beside the status
 * - a code that has run out, was used or never was is an invalid device code
 * - scopes are called so in both requests
 */

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

// As Twitch has them where it does not say: half an hour, and every five seconds.
const LIFE_S = 1_800;
const INTERVAL_S = 5;
const LIFE_MAX_S = 3_600;

const Client = z
  .strictObject({ clientId: Secret, clientSecret: Secret.optional() })
  .describe(
    "`{clientId, clientSecret?}` of an application of one's own, dev.twitch.tv/console; a public one has no secret",
  );

const Begun = z.looseObject({
  device_code: Secret,
  user_code: z.string().regex(/^[\w-]{1,40}$/),
  // Shown as a link: nothing but a page.
  verification_uri: z
    .string()
    .max(500)
    .regex(/^https?:\/\/[^\s"<>]+$/),
  expires_in: z.number().positive().nullish().catch(null),
  interval: z.number().positive().nullish().catch(null),
});

const Wrong = z.looseObject({ message: z.string() });

/** Makes the log-in by which an account grants these scopes; its own channel is what is linked. */
export function makeDeviceLogIn(scopes: readonly string[]): DeviceLogIn {
  return {
    kind: "device",
    Client,
    begin: (client, url) =>
      postForm(url, "/oauth2/device", {
        client_id: Client.parse(client).clientId,
        scopes: scopes.join(" "),
      }),
    begun: readBegun,
    ask(client, { url, code }) {
      const { clientId } = Client.parse(client);
      const form = { client_id: clientId, scopes: scopes.join(" "), device_code: code };
      return postForm(url, "/oauth2/token", { ...form, grant_type: GRANT });
    },
    answered(client, { status, body }) {
      const tokens = status === 200 ? decodeJson(TokenAnswer, body) : null;
      if (tokens?.ok !== true) return judge(status, body);
      const { access_token: accessToken, refresh_token: refreshToken } = tokens.value;
      const own = { ...Client.parse(client), accessToken };
      return {
        type: "granted",
        credentials: { ...own, ...(refreshToken != null && { refreshToken }) },
      };
    },
    identify(credentials, url) {
      const account = readAccount(credentials);
      if (account === null) throw new Error("an account is what was given");
      return requestValidation(url, account);
    },
    identified(credentials, { status, body }) {
      const account = readAccount(credentials);
      const known = account === null ? null : readValidation(account, status, body);
      if (known === null || known.type === "unknown") return null;
      if (known.type === "good" && known.holder.login !== "") {
        return { ok: true, target: { channel: known.holder.login } };
      }
      const detail = "Twitch gave a token that it does not take. Begin the log-in again.";
      return { ok: false, failure: { remedy: "stop", reason: "token_invalid", detail } };
    },
  };
}

function readBegun({ status, body }: { status: number; body: string }): DeviceBegun {
  const begun = status === 200 ? decodeJson(Begun, body) : null;
  if (begun?.ok === true) {
    const { device_code: code, user_code: userCode, verification_uri, ...times } = begun.value;
    const intervalMs = (times.interval ?? INTERVAL_S) * 1000;
    const lifeMs = Math.min(times.expires_in ?? LIFE_S, LIFE_MAX_S) * 1000;
    return {
      ok: true,
      device: { code, userCode, verificationUri: verification_uri, intervalMs, lifeMs },
    };
  }
  const isClient = status >= 400 && status < 500 && status !== 429;
  const detail = isClient
    ? "Twitch does not know this client id, or does not let it log in so: it has to be of a public application."
    : `Twitch answered ${status} instead of a code. Try again later.`;
  return { ok: false, isClient, detail };
}

/** The reason for which there are no tokens. What is not known is asked for again. */
function judge(status: number, body: string): DeviceAnswered {
  if (status === 429) return { type: "too-fast" };
  if (status < 400 || status >= 500) return { type: "lost" };
  const wrong = decodeJson(Wrong, body);
  const name = wrong.ok ? wrong.value.message.toLowerCase().replaceAll(/[\s_]+/g, " ") : "";
  switch (name) {
    case "authorization pending":
      return { type: "pending" };
    case "slow down":
      return { type: "too-fast" };
    case "access denied":
      return { type: "denied" };
    case "invalid device code":
    case "expired token":
      return { type: "unknown" };
    case "invalid client":
    case "invalid client secret":
      return {
        type: "refused",
        reason: "client_invalid",
        detail: "Twitch does not know this client id. Begin the log-in again.",
      };
    default:
      return {
        type: "refused",
        reason: "code_refused",
        detail: `Twitch refused the code (${status}). Begin the log-in again.`,
      };
  }
}
