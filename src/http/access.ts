import type { Context } from "hono";

import type { ChannelCalls } from "../calls/channel.ts";
import { RelayError } from "../errors.ts";
import { ChannelId } from "../event/ids.ts";
import { mayOn, type Principal, type Scope } from "../event/principal.ts";
import { findChannel, type ChannelRecord } from "../store/history/channels.ts";
import { authenticate, credentialOf } from "./auth.ts";
import type { AppEnv } from "./env.ts";
import { validated } from "./validation.ts";

/** Who asks. */
export async function principalOf(c: Context<AppEnv>): Promise<Principal> {
  const known = c.get("principal");
  if (known !== undefined) return known;
  const principal = await authenticate(c.env, credentialOf(c.req.raw), Date.now());
  c.set("principal", principal);
  return principal;
}

/** Who asks, if they may do what the scope names on the relay as a whole. */
export async function requireScope(c: Context<AppEnv>, scope: Scope): Promise<Principal> {
  const principal = await principalOf(c);
  if (principal.scopes.includes(scope)) return principal;
  throw refusal(principal, scope);
}

/**
 * The channel, if whoever asks may do what the scope names on it. A channel that is public may be
 * read by everybody. Whoever may not learns nothing of whether there is such a channel.
 */
export async function requireChannel(
  c: Context<AppEnv>,
  id: string,
  scope: Scope,
): Promise<ChannelRecord> {
  const principal = await principalOf(c);
  const channel = await findChannel(c.env.DB.withSession(), id);
  const isSame = principal.number === undefined || principal.number === channel?.number;
  const mayAsk = mayOn(principal, scope, id) && isSame;
  if (!mayAsk && !(channel?.public === true && scope === "events:read")) {
    throw refusal(principal, scope);
  }
  if (channel === null) {
    validated(ChannelId, id, "channel");
    throw new RelayError("channel_not_found", `There is no channel ${id}.`);
  }
  c.set("channel", channel);
  return channel;
}

/** The channel that the route's access has let through. */
export function channelOf(c: Context<AppEnv>): ChannelRecord {
  const channel = c.get("channel");
  if (channel === undefined) throw new Error("this route is not about a channel");
  return channel;
}

/** A channel's object, by its calls and by `fetch` for sockets. */
export type ChannelStub = ChannelCalls & Pick<Fetcher, "fetch">;

/** The object of a channel. A stub is for one request: after a failure it is of no more use. */
export function objectOf(c: Context<AppEnv>, channel: string): ChannelStub {
  return c.env.CHANNEL.getByName(channel);
}

function refusal(principal: Principal, scope: Scope): RelayError {
  return principal.kind === "anonymous"
    ? new RelayError("unauthorized", "This needs a credential: Authorization: Bearer <key>.", {
        headers: { "www-authenticate": 'Bearer realm="tributary"' },
      })
    : new RelayError("forbidden", `This needs the scope ${scope}, on this channel.`);
}
