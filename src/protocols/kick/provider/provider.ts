import { z } from "zod";

import { decodeJson } from "../../../lib/json.ts";
import { classifyRefusal, type ProviderAdapter } from "../../provider.ts";
import { API_URL } from "../wire/frames.ts";
import { Credentials, listSecrets, readAccount, renewal } from "./credentials.ts";
import { hook } from "./hook.ts";
import { nameConnection, readPlace, SETTINGS } from "./link.ts";
import { logIn } from "./log-in.ts";
import { sending } from "./sending.ts";
import { openSession } from "./session.ts";
import { Target } from "./target.ts";

const HandedOver = z.object({ isRenewed: z.boolean() });

const NEVER_HEARD = { at: null, isAny: false };

/** Hears a channel of Kick's over the webhooks of the deployment's app. There is no socket. */
export const provider: ProviderAdapter = {
  protocol: "kick",
  Target,
  Credentials,
  defaultUrl: API_URL,
  isPlaceless: true,
  claims: (target) => [nameConnection(Target.parse(target).channel)],
  secrets: listSecrets,
  deployment: { names: Object.values(SETTINGS), secret: [SETTINGS.clientSecret] },
  hook,
  open({ providerId, target, credentials, handOver, deployment, heard }) {
    const left = decodeJson(HandedOver, handOver ?? "");
    return openSession({
      ...readPlace(deployment),
      providerId,
      channel: Target.parse(target).channel,
      account: readAccount(credentials),
      isRenewed: left.ok && left.value.isRenewed,
      heard: heard ?? NEVER_HEARD,
    });
  },
  sending,
  logIn,
  refused(refusal) {
    const failure = classifyRefusal(refusal);
    return failure.reason === "token_invalid" ? { ...failure, remedy: "renew" } : failure;
  },
  closed: ({ code }) => ({
    remedy: "retry",
    reason: "socket_closed",
    detail: `A socket to Kick was closed (${code}), though there should be none.`,
  }),
  renewal,
};
