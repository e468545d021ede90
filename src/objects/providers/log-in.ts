import { z } from "zod";

import type { DeviceAnswer } from "../../channel/authorization-state.ts";
import { parseJson, type Json } from "../../lib/json.ts";
import { openSealed, sealFor, type MasterKeys } from "../../lib/master-keys.ts";
import type { ProofKey } from "../../lib/proof-key.ts";
import { NONCE_BYTES } from "../../lib/secrecy.ts";
import type { CodeLogIn, DeviceBegun, DeviceLogIn, Renewed } from "../../protocols/provider.ts";
import type { HttpExchange } from "../../protocols/session.ts";
import { mayDial, performExchange } from "./dial.ts";

/** Seals what is kept of a log-in, with its secrets, for the log-in of this id. */
export function sealSecrets(keys: MasterKeys, id: string, secrets: Json): Promise<string> {
  return sealPart(keys, id, JSON.stringify(secrets));
}

/** Opens it again; null where it cannot be. */
export async function openSecrets(
  keys: MasterKeys,
  id: string,
  sealed: string,
): Promise<Json | null> {
  const opened = await openSealed(keys, "authorization", id, sealed);
  const parsed = opened.ok ? parseJson(opened.text) : null;
  return parsed?.ok === true ? (parsed.value as Json) : null;
}

/** The secrets that are kept of a log-in by code. */
const CodeSecrets = z.object({
  client: z.custom<Json>((client) => client !== undefined),
  proof: z.object({ verifier: z.string(), challenge: z.string() }),
});
type CodeSecrets = z.infer<typeof CodeSecrets>;

const NO_PROOF: ProofKey = { verifier: "", challenge: "" };

/** Opens those of a log-in by code; null where they cannot be read. */
export async function openCodeSecrets(
  keys: MasterKeys,
  id: string,
  sealed: string,
): Promise<CodeSecrets | null> {
  const opened = await openSecrets(keys, id, sealed);
  if (opened === null) return null;
  // Of one that began before there were proof keys the application alone is kept: it needs none.
  return CodeSecrets.safeParse(opened).data ?? { client: opened, proof: NO_PROOF };
}

/** Makes the text by which a provider's answer finds its log-in. Nobody else can make one. */
export function sealState(keys: MasterKeys, channel: string, id: string): Promise<string> {
  return sealPart(keys, "state", JSON.stringify({ channel, id }));
}

function sealPart(keys: MasterKeys, part: string, text: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return sealFor(keys, "authorization", part, text, nonce);
}

/** The address that a log-in asks at: the one set by hand, if any, and whether it may be one of this network. */
export interface AskedAt {
  readonly url: string | null;
  readonly isPrivateAllowed: boolean;
}

/** Exchanges a code for credentials. Never throws. */
export async function exchangeCode(
  logIn: CodeLogIn,
  client: Json,
  ask: Omit<Parameters<CodeLogIn["exchange"]>[1], "url">,
  at: AskedAt,
): Promise<Renewed> {
  const request = logIn.exchange(client, { ...ask, url: at.url });
  if (!mayAsk(request, at)) {
    return fail("address_refused", "The address is private, and this relay asks public ones only.");
  }
  const answer = await performExchange(request);
  return answer === null
    ? fail("unreachable", "The provider did not answer in time. Begin the log-in again.")
    : logIn.answered(client, answer, Date.now());
}

/** Asks for a word that somebody is to type. Never throws. */
export async function beginDevice(
  logIn: DeviceLogIn,
  client: Json,
  at: AskedAt,
): Promise<DeviceBegun> {
  const request = logIn.begin(client, at.url);
  const answer = mayAsk(request, at) ? await performExchange(request) : null;
  const detail = "The provider did not answer in time. Try again later.";
  return answer === null ? { ok: false, isClient: false, detail } : logIn.begun(answer);
}

/** Asks whether it was typed. Never throws. */
export async function askDevice(
  logIn: DeviceLogIn,
  client: Json,
  code: string,
  at: AskedAt,
): Promise<DeviceAnswer> {
  const request = logIn.ask(client, { url: at.url, code });
  const answer = mayAsk(request, at) ? await performExchange(request) : null;
  return answer === null ? { type: "lost" } : logIn.answered(client, answer);
}

/** Asks whose credentials they are; null where that was not said. Never throws. */
export async function identify(
  logIn: DeviceLogIn,
  credentials: Json,
  at: AskedAt,
): Promise<ReturnType<DeviceLogIn["identified"]>> {
  const request = logIn.identify(credentials, at.url);
  const answer = mayAsk(request, at) ? await performExchange(request) : null;
  return answer === null ? null : logIn.identified(credentials, answer);
}

/** As with a dial: an address of our own making is public. */
function mayAsk({ url }: HttpExchange, at: AskedAt): boolean {
  return at.url === null || mayDial(url, at.isPrivateAllowed);
}

function fail(reason: string, detail: string): Renewed {
  return { ok: false, failure: { remedy: "stop", reason, detail } };
}
