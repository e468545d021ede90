import type { Context } from "hono";

import { reachChannel, type ChannelStub } from "../asking.ts";
import { nameChannel } from "../calls/object-names.ts";
import { DOOR_MS } from "../deadline.ts";
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
import { findBound, type ChannelRecord } from "../store/history/channels.ts";
import { authenticate, readCredential } from "./auth.ts";
import type { AppEnv } from "./env.ts";
import { limitCredential } from "./guards.ts";
import { lookUpNow, lookUpRecent, type LookUps } from "./look-ups.ts";
import { validate } from "./validation.ts";

/**
 * Finds the principal. Once a channel has been asked for, it is cut down to its rights on that one.
 */
export async function findPrincipal(
  c: Context<AppEnv>,
  lookUps: LookUps = lookUpNow(c.env.DB),
): Promise<Principal> {
  const known = c.get("principal");
  if (known !== undefined) return known;
  const principal = await authenticate(c.env, readCredential(c.req.raw), Date.now(), lookUps);
  await limitCredential(c, principal);
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
export async function requireEverywhere(c: Context<AppEnv>, any: AnyScope): Promise<Principal> {
  const principal = await requireScope(c, any);
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
  lookUps: LookUps = lookUpNow(c.env.DB),
): Promise<ChannelRecord> {
  const principal = await findPrincipal(c, lookUps);
  const channel = await lookUps.findChannel(named);
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

/**
 * Lets somebody in to an object by the records of a moment ago, and once more by those of now where
 * that was refused: nobody is refused by what was true before.
 */
export async function letIn<T>(
  c: Context<AppEnv>,
  attempt: (lookUps: LookUps) => Promise<T>,
): Promise<T> {
  const recent = lookUpRecent(c.env.DB);
  try {
    return await attempt(recent);
  } catch (error) {
    const isRefused = error instanceof RelayError && REFUSALS.includes(error.code);
    if (!recent.isOld || !isRefused) throw error;
    // The answer by what was true a moment ago: it is asked anew.
    c.set("principal", undefined);
    return attempt(lookUpNow(c.env.DB));
  }
}

const REFUSALS: readonly string[] = [
  "unauthorized",
  "forbidden",
  "channel_not_found",
  "ticket_invalid",
];

/** The channel that the route's access has let through. */
export function getChannel(c: Context<AppEnv>): ChannelRecord {
  const channel = c.get("channel");
  if (channel === undefined) throw new Error("this route is not about a channel");
  return channel;
}

/** A channel, by what its object is found by. */
export type ChannelNamed = Location & Pick<ChannelRecord, "id">;

/** The object of a channel. */
export function getChannelObject(c: Context<AppEnv>, channel: ChannelNamed): ChannelStub {
  return reachChannel(c.env, nameChannel(channel), DOOR_MS);
}

function makeRefusal(principal: Principal, any: AnyScope): RelayError {
  return principal.kind === "anonymous"
    ? new RelayError("unauthorized", "This needs a credential: Authorization: Bearer <key>.")
    : new RelayError("forbidden", `This needs the scope ${any.join(" or ")}, on this channel.`);
}
