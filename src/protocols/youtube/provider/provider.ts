import { classifyRefusal, type ProviderAdapter } from "../../provider.ts";
import { API_URL } from "../wire/frames.ts";
import { Credentials, listSecrets, readAccess, renewal } from "./credentials.ts";
import { logIn } from "./log-in.ts";
import { sending } from "./sending.ts";
import { openSession } from "./session.ts";
import { readHandOver, readPlace } from "./state.ts";
import { nameConnection, Target } from "./target.ts";

/** Reads the chat of one channel's live broadcasts, or of one video, over streamed HTTP answers. */
export const provider: ProviderAdapter = {
  protocol: "youtube",
  Target,
  Credentials,
  defaultUrl: API_URL,
  claims: (target) => [nameConnection(target)],
  secrets: listSecrets,
  open({ dialId, url, target, credentials, handOver, place }) {
    const identifier = nameConnection(target);
    return openSession({
      dialId,
      identifier,
      url,
      target: Target.parse(target),
      access: readAccess(credentials),
      handOver: readHandOver(handOver),
      place: readPlace(place, identifier),
    });
  },
  sending,
  refused(refusal) {
    const failure = classifyRefusal(refusal);
    return failure.reason === "token_invalid" ? { ...failure, remedy: "renew" } : failure;
  },
  closed: ({ code }) => ({
    remedy: "retry",
    reason: "unavailable",
    detail: `YouTube ended the connection (${code}).`,
  }),
  renewal,
  logIn,
};
