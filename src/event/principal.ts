import { z } from "zod";

/** What a credential may allow. */
export const Scope = z.enum([
  "events:read",
  "events:write",
  "chat:write",
  "interface:write",
  "interact:write",
  "webhooks:manage",
  "channels:manage",
  "keys:manage",
]);
export type Scope = z.infer<typeof Scope>;

/** Who asks, and what they may. What a socket remembers of its credential; never the credential. */
export const Principal = z.object({
  kind: z.enum(["admin", "key", "token", "overlay", "extension", "anonymous"]),
  /** Names the credential: what is revoked closes the sockets opened with it. */
  credentialId: z.string(),
  scopes: z.array(Scope),
  /** The channels it is bound to; null for all. */
  channels: z.array(z.string()).nullable(),
  /** The number of its one channel: a later channel with the same id is another. */
  number: z.int().optional(),
  subject: z.string().optional(),
  name: z.string().optional(),
  /** When the credential runs out, in milliseconds since 1970. */
  expiresAt: z.number().optional(),
});
export type Principal = z.infer<typeof Principal>;

/** May this principal do what `scope` names, on this channel? */
export function mayOn(principal: Principal, scope: Scope, channel: string): boolean {
  return principal.scopes.includes(scope) && isBoundTo(principal, channel);
}

/** May this principal read this very channel by a right of its own, whether or not it is public? */
export function isReader(
  principal: Principal,
  { id, number }: { readonly id: string; readonly number: number },
): boolean {
  const isSame = principal.number === undefined || principal.number === number;
  return isSame && mayOn(principal, "events:read", id);
}

/** Does this principal reach the channel at all? */
export function isBoundTo(principal: Principal, channel: string): boolean {
  return principal.channels === null || principal.channels.includes(channel);
}

/** The party that a principal is: its credential, or where it has none whoever is at an address. */
export function partyOf({ kind, credentialId }: Principal, from: string): string {
  return kind === "anonymous" ? `address ${from}` : credentialId;
}
