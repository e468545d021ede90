import type { Context } from "hono";

import type { ChannelCalls } from "../calls/channel.ts";
import { findObject, nameChannel } from "../calls/object-names.ts";
import { RelayError } from "../errors.ts";
import { ChannelId } from "../event/ids.ts";
import type { Location } from "../event/location.ts";
import {
  cutTo,
  isBoundTo,
  mayAnywhere,
  findRights,
  type Principal,
  type Scope,
} from "../event/principal.ts";
import { findBound, findChannel, type ChannelRecord } from "../store/history/channels.ts";
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

/**
 * The principal that asks, if it may do what the scope names on the relay as a whole. A credential
 * that is bound to channels counts for those that are still there, and for nothing where none is.
 */
export async function requireScope(c: Context<AppEnv>, scope: Scope): Promise<Principal> {
  const principal = await findPrincipal(c);
  if (mayAnywhere(principal, scope, Date.now())) return principal;
  const { channels, scopes } = principal;
  if (channels === null || !scopes.includes(scope)) throw makeRefusal(principal, scope);
  const there = await findBound(c.env.DB.withSession(), channels);
  const left = there.filter((channel) => isBoundTo(principal, channel));
  if (left.length === 0) throw makeRefusal(principal, scope);
  const living = { ...principal, channels: left.map(({ id, number }) => ({ id, number })) };
  c.set("principal", living);
  return living;
}

/**
 * The channel, if whoever asks may do what the scope names on it. From then on the request's
 * principal is cut down to this channel. Whoever may not learns nothing of whether there is such a
 * channel.
 */
export async function requireChannel(
  c: Context<AppEnv>,
  id: string,
  scope: Scope,
): Promise<ChannelRecord> {
  const principal = await findPrincipal(c);
  const channel = await findChannel(c.env.DB.withSession(), id);
  const now = Date.now();
  if (channel === null) {
    if (!mayAnywhere(principal, scope, now)) throw makeRefusal(principal, scope);
    validate(ChannelId, id, "channel");
    throw new RelayError("channel_not_found", `There is no channel ${id}.`);
  }
  if (!findRights(principal, channel, now).includes(scope)) throw makeRefusal(principal, scope);
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

/** A channel, by what its object is found by. */
export type ChannelNamed = Location & Pick<ChannelRecord, "id">;

/** The object of a channel. A stub is for one request: after a failure it is of no more use. */
export function getChannelObject(c: Context<AppEnv>, channel: ChannelNamed): ChannelStub {
  return findObject(c.env.CHANNEL, nameChannel(channel));
}

function makeRefusal(principal: Principal, scope: Scope): RelayError {
  return principal.kind === "anonymous"
    ? new RelayError("unauthorized", "This needs a credential: Authorization: Bearer <key>.", {
        headers: { "www-authenticate": 'Bearer realm="tributary"' },
      })
    : new RelayError("forbidden", `This needs the scope ${scope}, on this channel.`);
}
