import { z } from "zod";

/** A right that a credential may allow. */
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

/** The scopes of which any lets somebody see what a channel is, and how it fares. */
export const SEEING: readonly Scope[] = ["events:read", "channels:manage"];

/** The scopes of which any lets somebody moderate: order an erasure, and hear of what waits for one. */
export const MODERATING: readonly Scope[] = ["channels:manage", "chat:write"];

/** May whoever has these rights on a channel moderate it? */
export function mayModerate(rights: readonly Scope[]): boolean {
  return MODERATING.some((scope) => rights.includes(scope));
}

/** A channel by its name and its number: a later channel of the same name has another number. */
export const Binding = z.object({ id: z.string(), number: z.int() });
export type Binding = z.infer<typeof Binding>;

/**
 * A party that asks, and its rights: all that a socket remembers of its credential; never the
 * credential.
 */
export const Principal = z.object({
  kind: z.enum(["admin", "key", "token", "overlay", "extension", "anonymous"]),
  /** Names the credential: what is revoked closes the sockets opened with it. */
  credentialId: z.string(),
  /** The key that a token was made with: a token does not outlive it. */
  maker: z.string().optional(),
  scopes: z.array(Scope),
  /** The channels it is bound to; null for all. */
  channels: z.array(Binding).nullable(),
  subject: z.string().optional(),
  name: z.string().optional(),
  /** When the credential runs out, in milliseconds since 1970. */
  expiresAt: z.number().optional(),
});
export type Principal = z.infer<typeof Principal>;

/** The facts of a channel that decide who may do what on it. */
export interface Ground extends Readonly<Binding> {
  readonly public: boolean;
}

/** The names of credentials that were revoked a short while ago. */
export interface Revoked {
  has(credentialId: string): boolean;
}

const NOTHING: readonly Scope[] = [];
const NONE: Revoked = new Set();

/**
 * The rights of a principal on one channel, as the channel is now: what its credential allows, if
 * it is bound to this very channel or to none, and what everybody may. A credential that has run
 * out or was revoked allows nothing, not even what everybody may. Every check of authority asks
 * this.
 */
export function findRights(
  principal: Principal,
  channel: Ground,
  now: number,
  revoked: Revoked = NONE,
): readonly Scope[] {
  if (!isValid(principal, now, revoked)) return NOTHING;
  const own = isBoundTo(principal, channel) ? principal.scopes : NOTHING;
  return channel.public && !own.includes("events:read") ? [...own, "events:read"] : own;
}

/**
 * The principal as it is handed to what acts on one channel: with what it may there by a right of
 * its own, bound to that very channel. What everybody may is not written down: it can end any
 * moment.
 */
export function cutTo(principal: Principal, { id, number }: Readonly<Binding>): Principal {
  const scopes = isBoundTo(principal, { id, number }) ? principal.scopes : [];
  return { ...principal, scopes: [...scopes], channels: [{ id, number }] };
}

/** May this principal do what a scope names on the relay as a whole, and on any channel? */
export function mayAnywhere(principal: Principal, scope: Scope, now: number): boolean {
  return principal.channels === null && isValid(principal, now) && principal.scopes.includes(scope);
}

/** Is the principal bound to this very channel, or to none? */
export function isBoundTo({ channels }: Principal, { id, number }: Readonly<Binding>): boolean {
  return channels === null || channels.some((each) => each.id === id && each.number === number);
}

/** Has the credential neither run out nor been revoked? */
export function isValid(principal: Principal, now: number, revoked: Revoked = NONE): boolean {
  const { credentialId, maker, expiresAt } = principal;
  const isRevoked = revoked.has(credentialId) || (maker !== undefined && revoked.has(maker));
  return !isRevoked && (expiresAt === undefined || expiresAt > now);
}

/** Does the principal go by this credential, or by one that was made with it? */
export function usesCredential({ credentialId, maker }: Principal, revoked: string): boolean {
  return credentialId === revoked || maker === revoked;
}

/** The id of a principal's credential, as its maker knows it; null where there is none to be known. */
export function identifyCredential({ kind, credentialId }: Principal): string | null {
  if (kind === "admin" || kind === "anonymous") return null;
  return credentialId.slice(credentialId.indexOf(":") + 1);
}

/** The party that a principal is: its credential, or where it has none whoever is at an address. */
export function identifyParty({ kind, credentialId }: Principal, from: string): string {
  return kind === "anonymous" ? `address ${from}` : credentialId;
}
