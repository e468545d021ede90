import type { Context } from "hono";

import type { ChannelCalls } from "../calls/channel.ts";
import { RelayError } from "../errors.ts";
import { ChannelId } from "../event/ids.ts";
import {
  cutTo,
  isBoundTo,
  mayAnywhere,
  findRights,
  type Principal,
  type Scope,
} from "../event/principal.ts";
import { findBound, findChannelNamed, type ChannelRecord } from "../store/history/channels.ts";
import { authenticate, readCredential } from "./auth.ts";
import type { AppEnv } from "./env.ts";
import { brakeCredential } from "./guards.ts";
import { validate } from "./validation.ts";

/**
 * Finds the principal. Once a channel has been asked for, it is cut down to its rights on that one.
 */
export async function findPrincipal(c: Context<AppEnv>): Promise<Principal> {
  const known = c.get("principal");
  if (known !== undefined) return known;
  const principal = await authenticate(c.env, readCredential(c.req.raw), Date.now());
  await brakeCredential(c, principal);
  c.set("principal", principal);
  return principal;
}

/** The scopes of which any is enough. */
type AnyScope = readonly Scope[];

/**
 * The principal that asks, if it may do what one of the scopes names on the relay as a whole. A
 * credential that is bound to channels counts for those that are still there, and for nothing where
 * none is.
 */
export async function requireScope(c: Context<AppEnv>, any: AnyScope): Promise<Principal> {
  const principal = await findPrincipal(c);
  if (any.some((scope) => mayAnywhere(principal, scope, Date.now()))) return principal;
  const { channels, scopes } = principal;
  const isAllowed = any.some((scope) => scopes.includes(scope));
  if (channels === null || !isAllowed) throw makeRefusal(principal, any);
  const there = await findBound(c.env.DB.withSession(), channels);
  const left = there.filter((channel) => isBoundTo(principal, channel));
  if (left.length === 0) throw makeRefusal(principal, any);
  const living = { ...principal, channels: left.map(({ id, number }) => ({ id, number })) };
  c.set("principal", living);
  return living;
}

/** The same, for a credential that is bound to no channel. */
export async function requireEverywhere(c: Context<AppEnv>, scope: Scope): Promise<Principal> {
  const principal = await requireScope(c, scope);
  if (principal.channels === null) return principal;
  throw new RelayError("forbidden", "A key that is bound to channels cannot do this.");
}

/**
 * The channel of an id or a number, if whoever asks may do what one of the scopes names on it. From
 * then on the request's principal is cut down to this channel. Whoever may not learns nothing of
 * whether there is such a channel.
 */
export async function requireChannel(
  c: Context<AppEnv>,
  named: string,
  any: AnyScope,
): Promise<ChannelRecord> {
  const principal = await findPrincipal(c);
  const channel = await findChannelNamed(c.env.DB.withSession(), named);
  const now = Date.now();
  if (channel === null) {
    if (!any.some((scope) => mayAnywhere(principal, scope, now))) {
      throw makeRefusal(principal, any);
    }
    validate(ChannelId, named, "channel");
    throw new RelayError("channel_not_found", `There is no channel ${named}.`);
  }
  const rights = findRights(principal, channel, now);
  if (!any.some((scope) => rights.includes(scope))) throw makeRefusal(principal, any);
  c.set("principal", cutTo(principal, channel));
  c.set("channel", channel);
  return channel;
}

/** The channel that the route's access has let through. */
export function getChannel(c: Context<AppEnv>): ChannelRecord {
  const channel = c.get("channel");
  if (channel === undefined) throw new Error("this route is not about a channel");
  return channel;
}

/** A channel's object, by its calls and by `fetch` for sockets. */
export type ChannelStub = ChannelCalls & Pick<Fetcher, "fetch">;

/** The object of a channel. A stub is for one request: after a failure it is of no more use. */
export function getChannelObject(c: Context<AppEnv>, channel: string): ChannelStub {
  return c.env.CHANNEL.getByName(channel);
}

function makeRefusal(principal: Principal, any: AnyScope): RelayError {
  return principal.kind === "anonymous"
    ? new RelayError("unauthorized", "This needs a credential: Authorization: Bearer <key>.")
    : new RelayError("forbidden", `This needs the scope ${any.join(" or ")}, on this channel.`);
}
