import { redactDetail } from "../../../event/redact.ts";
import { decode } from "../../../lib/json.ts";
import type { LinkFailure } from "../../session.ts";
import { ErrorWords, toList } from "../wire/frames.ts";

type Token = string | undefined;

/** Says that nothing came by the time that a timer stands for. */
export function describeSilence(timer: string): LinkFailure {
  return timer === "ack"
    ? {
        remedy: "retry",
        reason: "handshake_timeout",
        detail: "DLive did not answer the handshake.",
      }
    : { remedy: "retry", reason: "silent", detail: "DLive sent no keep-alive for 55 s." };
}

/**
 * Reads a `connection_error`. Before the ack the only thing that can be wrong with us is the token.
 */
export function readRefusal(appToken: Token, isSubscribed: boolean, payload: unknown): LinkFailure {
  const words = readWords(appToken, payload) ?? "no reason given";
  const detail = `DLive refused the connection: ${words}`;
  if (!isSubscribed && appToken !== undefined) {
    return { remedy: "stop", reason: "token_invalid", detail };
  }
  return /auth|token|permission/i.test(words)
    ? { remedy: "stop", reason: appToken === undefined ? "token_missing" : "token_invalid", detail }
    : { remedy: "retry", reason: "connection_refused", detail };
}

/** Reads the end of an operation that the session cannot do without. */
export function readOperationEnd(appToken: Token, isError: boolean, payload: unknown): LinkFailure {
  if (!isError) {
    const detail = "DLive ended the subscription.";
    return { remedy: "retry", reason: "subscription_ended", detail };
  }
  const words = readWords(appToken, payload);
  const detail = `DLive refused the subscription${words === null ? "." : `: ${words}`}`;
  return { remedy: "slow", reason: "subscription_refused", detail };
}

/** Reads the reason in an error's payload, without the token should the server repeat it. */
function readWords(appToken: Token, payload: unknown): string | null {
  const decoded = decode(ErrorWords, toList(payload)[0]);
  if (!decoded.ok || !decoded.value) return null;
  return redactDetail(decoded.value, appToken === undefined ? [] : [appToken]).slice(0, 200);
}
