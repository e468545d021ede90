import { z } from "zod";

import { Time } from "./fields.ts";
import type { ProviderInput, ProviderRefusal } from "./provider.ts";

/** A log-in with a provider, and what its kind needs somebody to do. */
export const AuthorizationView = z.object({
  id: z.string(),
  protocol: z.string(),
  kind: z.enum(["code", "device"]).meta({
    description:
      "`code`: open `authorizeUrl`; the provider sends the browser back to the relay. `device`: open `verificationUri`, and type `userCode` there.",
  }),
  status: z.enum(["pending", "done", "denied", "expired", "failed"]),
  reason: z.string().nullable().meta({ description: "Why it is denied, expired or failed." }),
  detail: z.string().nullable().meta({ description: "The same in words, with what to do." }),
  authorizeUrl: z.string().nullable().meta({ description: "Of a `code` that is pending." }),
  redirectUri: z.string().nullable().meta({
    description: "Of a `code`: the application at the provider must have exactly this address.",
  }),
  verificationUri: z.string().nullable().meta({ description: "Of a `device` that is pending." }),
  userCode: z.string().nullable().meta({ description: "Of a `device` that is pending." }),
  provider: z.string().nullable().meta({
    description: "The provider that was linked by it, or that gets new credentials by it.",
  }),
  createdAt: Time,
  expiresAt: Time.meta({ description: "Until when somebody may consent." }),
});
export type AuthorizationView = z.infer<typeof AuthorizationView>;

/** A log-in that is to begin: what is to be linked, and the application that asks for consent. */
export interface AuthorizationInput extends Omit<ProviderInput, "credentials" | "enabled"> {
  readonly client: Readonly<Record<string, unknown>>;
  /** A provider that is linked already, and is to get new credentials. */
  readonly provider?: string;
}

export type AuthorizationRefusal = ProviderRefusal | "authorization_not_found";

/** The words that a provider sent somebody back with: a code, or its word for why there is none. */
export type Consent = { readonly code: string } | { readonly error: string };

/** The end that a consent came to. `isTaken`: it was the first to come back. */
export interface ConsentOutcome extends Pick<
  AuthorizationView,
  "status" | "reason" | "detail" | "redirectUri"
> {
  readonly isTaken: boolean;
}
