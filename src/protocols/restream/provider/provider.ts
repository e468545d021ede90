import { z } from "zod";

import { classifyRefusal, type SocketProviderAdapter } from "../../provider.ts";
import { DEFAULT_URL } from "../wire/frames.ts";
import { logIn } from "./log-in.ts";
import { Credentials, renewal } from "./renewal.ts";
import { openSession } from "./session.ts";

const Target = z.strictObject({}).describe("`{}`");

/** Dials Restream Chat and hears all the channels that its account has linked. */
export const provider: SocketProviderAdapter = {
  protocol: "restream",
  Target,
  Credentials,
  defaultUrl: DEFAULT_URL,
  // Which connections there are, Restream tells after we connect.
  claims: () => [],
  secrets(credentials) {
    const known = Credentials.parse(credentials);
    return "refreshToken" in known
      ? [known.clientSecret, known.refreshToken, ...(known.accessToken ? [known.accessToken] : [])]
      : [known.accessToken];
  },
  dial(link) {
    const url = new URL(link.url ?? DEFAULT_URL);
    const { accessToken } = Credentials.parse(link.credentials);
    if (accessToken !== undefined) url.searchParams.set("accessToken", accessToken);
    return { url: url.toString(), protocols: [] };
  },
  open: () => openSession(),
  refused(refusal) {
    const failure = classifyRefusal(refusal);
    return failure.reason === "token_invalid" ? { ...failure, remedy: "renew" } : failure;
  },
  closed({ code, reason }) {
    if (code === 1008 || code === 4001 || /auth/i.test(reason)) {
      return {
        remedy: "renew",
        reason: "token_invalid",
        detail: `Restream closed the socket over its token (${code}).`,
      };
    }
    return {
      remedy: "retry",
      reason: "socket_closed",
      detail: `Restream closed the socket (${code}).`,
    };
  },
  renewal,
  logIn,
};
