import { z } from "zod";

import type { Json } from "../lib/json.ts";

/*
 * A log-in with a provider: somebody consents at the provider's, and what comes of it is exchanged for
 * credentials, by which the provider is linked. Everything that ends it ends it for good, and what comes
 * back from the consent is taken once.
 */

/** How long somebody has to consent. */
export const CONSENT_MS = 600_000;

/** An exchange that has not ended by then was lost with its object: whether it was carried out is not known. */
const EXCHANGE_MS = 60_000;

const Ended = { reason: z.string(), detail: z.string() };

export const AuthorizationState = z.discriminatedUnion("status", [
  z.object({ status: z.literal("pending") }),
  z.object({ status: z.literal("exchanging"), since: z.number() }),
  z.object({ status: z.literal("done"), provider: z.string() }),
  z.object({ status: z.literal("denied"), ...Ended }),
  z.object({ status: z.literal("expired"), ...Ended }),
  z.object({ status: z.literal("failed"), ...Ended }),
]);
export type AuthorizationState = Readonly<z.infer<typeof AuthorizationState>>;

export type AuthorizationInput =
  | { readonly type: "code-received"; readonly code: string; readonly at: number }
  /** The provider's own word for why there is no consent. */
  | { readonly type: "consent-refused"; readonly error: string; readonly at: number }
  | { readonly type: "credentials-received"; readonly credentials: Json }
  | { readonly type: "exchange-failed"; readonly reason: string; readonly detail: string }
  | { readonly type: "provider-linked"; readonly provider: string }
  | { readonly type: "time-passed"; readonly at: number };

export type AuthorizationEffect =
  | { readonly type: "code-exchange"; readonly code: string }
  | { readonly type: "provider-link"; readonly credentials: Json }
  /** Nothing that was kept for it is needed any more. */
  | { readonly type: "secrets-drop" };

interface Reaction {
  readonly state: AuthorizationState;
  readonly effects: readonly AuthorizationEffect[];
}

/** The next state of a log-in that has to be consented to by a time. */
export function stepAuthorization(
  state: AuthorizationState,
  expiresAt: number,
  input: AuthorizationInput,
): Reaction {
  switch (state.status) {
    case "pending":
      return stepPending(state, expiresAt, input);
    case "exchanging":
      return stepExchanging(state, input);
    default:
      return { state, effects: [] };
  }
}

function stepPending(
  state: AuthorizationState,
  expiresAt: number,
  input: AuthorizationInput,
): Reaction {
  if ("at" in input && input.at >= expiresAt) {
    const detail = "Nobody consented in time. Begin the log-in again.";
    return end({ status: "expired", reason: "consent_expired", detail });
  }
  switch (input.type) {
    case "code-received": {
      const { code, at } = input;
      return {
        state: { status: "exchanging", since: at },
        effects: [{ type: "code-exchange", code }],
      };
    }
    case "consent-refused":
      return end(judgeRefusal(input.error));
    default:
      return { state, effects: [] };
  }
}

function stepExchanging(
  state: Extract<AuthorizationState, { status: "exchanging" }>,
  input: AuthorizationInput,
): Reaction {
  switch (input.type) {
    case "credentials-received": {
      const { credentials } = input;
      return { state, effects: [{ type: "provider-link", credentials }] };
    }
    case "exchange-failed": {
      const { reason, detail } = input;
      return end({ status: "failed", reason, detail });
    }
    case "provider-linked":
      return end({ status: "done", provider: input.provider });
    case "time-passed": {
      if (input.at < state.since + EXCHANGE_MS) return { state, effects: [] };
      const detail = "The relay was restarted in the middle of it. Begin the log-in again.";
      return end({ status: "failed", reason: "relay_restarted", detail });
    }
    default:
      return { state, effects: [] };
  }
}

function end(state: AuthorizationState): Reaction {
  return { state, effects: [{ type: "secrets-drop" }] };
}

/** RFC 6749, 4.1.2.1. The words are a stranger's: only those that are known are repeated. */
function judgeRefusal(error: string): AuthorizationState {
  if (error === "access_denied") {
    const detail = "The provider was told not to allow it.";
    return { status: "denied", reason: "consent_denied", detail };
  }
  const known = /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : "";
  const detail = `The provider did not ask for consent${known}. Look at the application's client id and redirect address there.`;
  return { status: "failed", reason: "consent_failed", detail };
}
