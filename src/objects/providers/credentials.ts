import type { Json } from "../../lib/json.ts";
import {
  explainUnopened,
  openSealed,
  sealFor,
  type MasterKeys,
  type Opened,
} from "../../lib/master-keys.ts";
import { NONCE_BYTES } from "../../lib/secrecy.ts";
import { report } from "../../report.ts";

/** Credentials as they may be stored. */
export function sealCredentials(
  keys: MasterKeys,
  providerId: string,
  credentials: Json,
): Promise<string> {
  return sealText(keys, providerId, JSON.stringify(credentials));
}

/** Stored credentials in the clear, as JSON. Those that do not open are reported. */
export async function openCredentials(
  keys: MasterKeys,
  providerId: string,
  sealed: string,
): Promise<Opened> {
  const opened = await openSealed(keys, "provider-credentials", providerId, sealed);
  if (!opened.ok) {
    report("credentials not opened", new Error(explainUnopened(opened)), { provider: providerId });
  }
  return opened;
}

/** Credentials that were opened, as they may be stored. */
export function sealText(keys: MasterKeys, providerId: string, text: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return sealFor(keys, "provider-credentials", providerId, text, nonce);
}
