import {
  deny,
  endDone,
  endWith,
  expire,
  keepState,
  type AuthorizationInput,
  type AuthorizationReaction,
  type AuthorizationState,
  type StateOf,
} from "./authorization-state.ts";
import { findAskTime, stepGranted, stepWaiting } from "./device-authorization.ts";

/*
 * A log-in with a provider: somebody consents at the provider's, and what comes of it is exchanged for
 * credentials, by which the provider is linked. What comes back from the consent is taken once.
 */

/** How long somebody has to consent, where the provider does not say. */
export const CONSENT_MS = 600_000;

/** An exchange that has not ended by then was lost with its object: whether it was carried out is not known. */
const EXCHANGE_MS = 60_000;

/** The next state of a log-in that has to be consented to by a time. */
export function stepAuthorization(
  state: AuthorizationState,
  expiresAt: number,
  input: AuthorizationInput,
): AuthorizationReaction {
  switch (state.status) {
    case "pending":
      return stepPending(state, expiresAt, input);
    case "exchanging":
      return stepExchanging(state, input);
    case "waiting":
      return stepWaiting(state, expiresAt, input);
    case "granted":
      return stepGranted(state, input);
    default:
      return keepState(state);
  }
}

/** When there is something to do by itself, in milliseconds since 1970; null for never. */
export function findNextTime(state: AuthorizationState, expiresAt: number): number | null {
  switch (state.status) {
    case "waiting":
      return findAskTime(state, expiresAt);
    case "granted":
      return state.askAt;
    default:
      return null;
  }
}

function stepPending(
  state: StateOf<"pending">,
  expiresAt: number,
  input: AuthorizationInput,
): AuthorizationReaction {
  if ("at" in input && input.at >= expiresAt) return expire();
  switch (input.type) {
    case "code-received": {
      const { code, at } = input;
      return {
        state: { status: "exchanging", since: at },
        effects: [{ type: "code-exchange", code }],
      };
    }
    case "consent-refused":
      return judgeRefusal(input.error);
    default:
      return keepState(state);
  }
}

function stepExchanging(
  state: StateOf<"exchanging">,
  input: AuthorizationInput,
): AuthorizationReaction {
  switch (input.type) {
    case "credentials-received": {
      const { credentials } = input;
      return { state, effects: [{ type: "provider-link", credentials }] };
    }
    case "exchange-failed":
      return endWith("failed", input.reason, input.detail);
    case "provider-linked":
      return endDone(input.provider);
    case "time-passed":
    case "looked-at": {
      if (input.at < state.since + EXCHANGE_MS) return keepState(state);
      const detail = "The relay was restarted in the middle of it. Begin the log-in again.";
      return endWith("failed", "relay_restarted", detail);
    }
    default:
      return keepState(state);
  }
}

/** RFC 6749, 4.1.2.1. The words are a stranger's: only those that are known are repeated. */
function judgeRefusal(error: string): AuthorizationReaction {
  if (error === "access_denied") return deny();
  const known = /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : "";
  const detail = `The provider did not ask for consent${known}. Look at the application's client id and redirect address there.`;
  return endWith("failed", "consent_failed", detail);
}
