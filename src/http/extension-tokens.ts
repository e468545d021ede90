import { jwtVerify } from "jose";
import { z } from "zod";

import type { Principal } from "../event/principal.ts";
import { findChannel, findChannelByNumber } from "../store/history/channels.ts";

/*
 * Tokens that Twitch gives the pages of an extension for its viewers. They are signed with the
 * extension's own secret, which whoever runs the relay has from Twitch, as base64.
 */

const Claims = z.object({
  /** Which of our channels it is, by id or number. */
  channel_id: z.string(),
  opaque_user_id: z.string().min(1).max(200),
  exp: z.number().optional(),
});

/** Whom a viewer's token speaks for, or null if it does not hold: a viewer of one channel. */
export async function readExtensionToken(
  secret: string,
  database: D1Database,
  token: string,
): Promise<Principal | null> {
  const claims = await claimsOf(secret, token);
  if (claims === null) return null;
  const { channel_id: named, opaque_user_id: subject, exp } = claims;
  const db = database.withSession();
  const byNumber = /^\d{1,15}$/.test(named) ? () => findChannelByNumber(db, Number(named)) : null;
  const channel = (await findChannel(db, named)) ?? (await byNumber?.()) ?? null;
  if (channel === null) return null;
  return {
    kind: "extension",
    credentialId: `extension:${subject}`,
    scopes: ["interact:write"],
    channels: [channel.id],
    number: channel.number,
    subject,
    ...(exp !== undefined && { expiresAt: exp * 1000 }),
  };
}

async function claimsOf(secret: string, token: string): Promise<z.infer<typeof Claims> | null> {
  try {
    const key = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
    const { payload } = await jwtVerify(token, key, { algorithms: ["HS256"] });
    return Claims.parse(payload);
  } catch {
    return null;
  }
}
