import { parseJson, type Json } from "../../lib/json.ts";
import { openSealed, sealFor, type MasterKeys } from "../../lib/master-keys.ts";
import { NONCE_BYTES } from "../../lib/secrecy.ts";
import type { LogIn, Renewed } from "../../protocols/provider.ts";
import { mayDial, performExchange } from "./dial.ts";

/** Seals a log-in's application, with its secrets, for the log-in of this id. */
export function sealClient(keys: MasterKeys, id: string, client: Json): Promise<string> {
  return sealPart(keys, id, JSON.stringify(client));
}

/** Opens it again; null where it cannot be. */
export async function openClient(
  keys: MasterKeys,
  id: string,
  sealed: string,
): Promise<Json | null> {
  const opened = await openSealed(keys, "authorization", id, sealed);
  const parsed = opened.ok ? parseJson(opened.text) : null;
  return parsed?.ok === true ? (parsed.value as Json) : null;
}

/** Makes the text by which a provider's answer finds its log-in. Nobody else can make one. */
export function sealState(keys: MasterKeys, channel: string, id: string): Promise<string> {
  return sealPart(keys, "state", JSON.stringify({ channel, id }));
}

function sealPart(keys: MasterKeys, part: string, text: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return sealFor(keys, "authorization", part, text, nonce);
}

/** Exchanges a code for credentials. Never throws. */
export async function exchangeCode(
  logIn: LogIn,
  client: Json,
  ask: { readonly url: string | null; readonly redirectUri: string; readonly code: string },
  isPrivateAllowed: boolean,
): Promise<Renewed> {
  const request = logIn.exchange(client, ask);
  // As with a dial: an address of our own making is public.
  if (ask.url !== null && !mayDial(request.url, isPrivateAllowed)) {
    return fail("address_refused", "The address is private, and this relay asks public ones only.");
  }
  const answer = await performExchange(request);
  return answer === null
    ? fail("unreachable", "The provider did not answer in time. Begin the log-in again.")
    : logIn.answered(client, answer, Date.now());
}

function fail(reason: string, detail: string): Renewed {
  return { ok: false, failure: { remedy: "stop", reason, detail } };
}
