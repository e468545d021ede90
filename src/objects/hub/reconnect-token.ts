import { z } from "zod";

import { decodeJson, type Json } from "../../lib/json.ts";
import { openSealed, sealFor, type MasterKeys } from "../../lib/master-keys.ts";
import { NONCE_BYTES } from "../../lib/secrecy.ts";

/*
 * The token that a socket is given to bring to the next one: where it was, sealed for its protocol,
 * and good for as long as a planned end takes. It holds whom the socket spoke for, never a
 * credential.
 */

/** How long a token holds, in milliseconds. */
export const HAND_OVER_MS = 120_000;

const HandOver = z.object({ what: z.custom<Json>(() => true), until: z.number() });

/** The state that a new socket of the protocol may bring. */
export function sealHandOver(
  keys: MasterKeys,
  protocol: string,
  what: Json,
  now: number,
): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const text = JSON.stringify({ what, until: now + HAND_OVER_MS });
  return sealFor(keys, "hand-over", protocol, text, nonce);
}

/**
 * Opens the state that a socket has brought; null for one that is forged, another protocol's, or
 * too old.
 */
export async function openHandOver(
  keys: MasterKeys,
  protocol: string,
  token: string,
  now: number,
): Promise<Json | null> {
  const opened = await openSealed(keys, "hand-over", protocol, token);
  const kept = opened.ok ? decodeJson(HandOver, opened.text) : null;
  return kept?.ok === true && kept.value.until > now ? kept.value.what : null;
}
