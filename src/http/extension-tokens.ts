import { jwtVerify } from "jose";
import { z } from "zod";

import type { Principal } from "../event/principal.ts";
import { findChannel, findChannelByNumber, type ChannelRecord } from "../store/history/channels.ts";

/*
 * Tokens that Twitch gives the pages of an extension for its viewers. They are signed with the
 * extension's own secret, which whoever runs the relay has from Twitch, as base64.
 */

const Claims = z.object({
  /** Which of our channels it is. */
  channel_id: z.string(),
  opaque_user_id: z.string().min(1).max(200),
  exp: z.number(),
  /** In the tokens that Twitch gives, and that nobody else has a use for. */
  pubsub_perms: z.unknown().optional(),
  is_unlinked: z.unknown().optional(),
});

/** Whom a viewer's token speaks for, or null if it does not hold: a viewer of one channel. */
export async function readExtensionToken(
  secret: string,
  database: D1Database,
  token: string,
): Promise<Principal | null> {
  const claims = await readClaims(secret, token);
  if (claims === null) return null;
  const { opaque_user_id: subject, exp } = claims;
  const channel = await findChannelOfToken(database.withSession(), claims);
  if (channel === null) return null;
  return {
    kind: "extension",
    credentialId: `extension:${subject}`,
    scopes: ["interact:write"],
    channels: [{ id: channel.id, number: channel.number }],
    subject,
    expiresAt: exp * 1000,
  };
}

/**
 * The channel that a token names: by its id, or, in a token that is the operator's own, by its number.
 * In one of Twitch's a number is a user of Twitch's, whatever channel here has the same.
 */
async function findChannelOfToken(
  db: D1DatabaseSession,
  { channel_id: named, pubsub_perms: perms, is_unlinked: isUnlinked }: z.infer<typeof Claims>,
): Promise<ChannelRecord | null> {
  const byId = await findChannel(db, named);
  const isOfTwitch = perms !== undefined || isUnlinked !== undefined;
  if (byId !== null || isOfTwitch || !/^\d{1,15}$/.test(named)) return byId;
  return findChannelByNumber(db, Number(named));
}

async function readClaims(secret: string, token: string): Promise<z.infer<typeof Claims> | null> {
  try {
    const key = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["HS256"],
      requiredClaims: ["exp"],
    });
    return Claims.parse(payload);
  } catch {
    // The answer: it is no token of Twitch's that holds.
    return null;
  }
}
