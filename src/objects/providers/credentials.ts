import type { Json } from "../../lib/json.ts";
import { NONCE_BYTES, seal, unseal } from "../../lib/secrecy.ts";

/** Formats the row that a provider's credentials are sealed to: they open nowhere else. */
function formatSealedFor(providerId: string): string {
  return `providers:${providerId}:credentials`;
}

/** Credentials as they may be stored. */
export function sealCredentials(
  masterKey: string,
  providerId: string,
  credentials: Json,
): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return seal(masterKey, formatSealedFor(providerId), JSON.stringify(credentials), nonce);
}

/** Stored credentials in the clear, as JSON; null if this master key does not open them. */
export function openCredentials(
  masterKey: string,
  providerId: string,
  sealed: string,
): Promise<string | null> {
  return unseal(masterKey, formatSealedFor(providerId), sealed);
}
