import { z } from "zod";

import type { Json } from "../lib/json.ts";

/* A log-in with a provider, as far as it has got, and what can happen to it. */

const Ended = { reason: z.string(), detail: z.string() };

export const AuthorizationState = z.discriminatedUnion("status", [
  /** By a code that the browser brings back: nobody has consented yet. */
  z.object({ status: z.literal("pending") }),
  z.object({ status: z.literal("exchanging"), since: z.number() }),
  /** For a device: the provider is asked again and again whether somebody has consented. */
  z.object({
    status: z.literal("waiting"),
    /** When it is asked next, in milliseconds since 1970. */
    askAt: z.number(),
    intervalMs: z.number(),
    /** How often in a row it was asked and no answer came: it may have answered with the tokens. */
    misses: z.int(),
  }),
  /** The tokens are there; whose they are is still to be found, and the provider to be linked. */
  z.object({ status: z.literal("granted"), since: z.number(), askAt: z.number() }),
  z.object({ status: z.literal("done"), provider: z.string() }),
  z.object({ status: z.literal("denied"), ...Ended }),
  z.object({ status: z.literal("expired"), ...Ended }),
  z.object({ status: z.literal("failed"), ...Ended }),
]);
export type AuthorizationState = Readonly<z.infer<typeof AuthorizationState>>;
export type StateOf<Status extends AuthorizationState["status"]> = Extract<
  AuthorizationState,
  { status: Status }
>;

/** A provider's word on whether somebody has consented. */
export type DeviceAnswer =
  | { readonly type: "pending" }
  | { readonly type: "too-fast" }
  | { readonly type: "denied" }
  /** The code is good no more, or never was. */
  | { readonly type: "unknown" }
  | { readonly type: "refused"; readonly reason: string; readonly detail: string }
  /** It did not say. */
  | { readonly type: "lost" }
  | { readonly type: "granted"; readonly credentials: Json };

export type AuthorizationInput =
  | { readonly type: "code-received"; readonly code: string; readonly at: number }
  /** The provider's own word for why there is no consent. */
  | { readonly type: "consent-refused"; readonly error: string; readonly at: number }
  | { readonly type: "credentials-received"; readonly credentials: Json }
  | { readonly type: "device-answered"; readonly answer: DeviceAnswer; readonly at: number }
  /** It is known whose the tokens are: `target` is what is linked for them. */
  | { readonly type: "account-found"; readonly credentials: Json; readonly target: Json }
  | { readonly type: "account-unknown"; readonly at: number }
  | { readonly type: "exchange-failed"; readonly reason: string; readonly detail: string }
  | { readonly type: "provider-linked"; readonly provider: string }
  /** Time to see what is to be done. */
  | { readonly type: "time-passed"; readonly at: number }
  /** Somebody looks at it: nothing is done for that. */
  | { readonly type: "looked-at"; readonly at: number };

export type AuthorizationEffect =
  | { readonly type: "code-exchange"; readonly code: string }
  | { readonly type: "device-ask" }
  /** To be on disk before anything else is done with them: nobody gives them twice. */
  | { readonly type: "credentials-keep"; readonly credentials: Json }
  | { readonly type: "account-find" }
  | { readonly type: "provider-link"; readonly credentials: Json; readonly target?: Json }
  /** Nothing that was kept for it is needed any more. */
  | { readonly type: "secrets-drop" };

export interface AuthorizationReaction {
  readonly state: AuthorizationState;
  readonly effects: readonly AuthorizationEffect[];
}

export function keepState(state: AuthorizationState): AuthorizationReaction {
  return { state, effects: [] };
}

/** Whatever ends a log-in ends it for good. */
export function endWith(
  status: "denied" | "expired" | "failed",
  reason: string,
  detail: string,
): AuthorizationReaction {
  return { state: { status, reason, detail }, effects: [{ type: "secrets-drop" }] };
}

export function endDone(provider: string): AuthorizationReaction {
  return { state: { status: "done", provider }, effects: [{ type: "secrets-drop" }] };
}

/** Nobody consented in time. */
export function expire(): AuthorizationReaction {
  const detail = "Nobody consented in time. Begin the log-in again.";
  return endWith("expired", "consent_expired", detail);
}

/** The provider was told not to allow it. */
export function deny(): AuthorizationReaction {
  return endWith("denied", "consent_denied", "The provider was told not to allow it.");
}
