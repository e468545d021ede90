import { computeKeyId, deriveKey, seal, unseal } from "./secrecy.ts";

/*
 * The relay's master keys: the one it seals and signs with, and, while it is being changed, the one
 * before. Everything that is made with a master key is made here, and named in one of the two lists
 * below: each says what becomes of it when the key is changed.
 */

/** The master keys there are. `previous` opens and proves, and never makes anything. */
export interface MasterKeys {
  readonly current: string;
  readonly previous: string | null;
}

/** The settings that master keys are read from. */
export interface MasterKeyEnv {
  readonly TRIBUTARY_MASTER_KEY: string;
  readonly TRIBUTARY_MASTER_KEY_PREVIOUS?: string | undefined;
}

/** The master keys as the relay was given them. */
export function readMasterKeys(env: MasterKeyEnv): MasterKeys {
  const { TRIBUTARY_MASTER_KEY: current, TRIBUTARY_MASTER_KEY_PREVIOUS: previous = "" } = env;
  return { current, previous: previous === "" || previous === current ? null : previous };
}

/** The master keys there are, the one that makes things first. */
export function listMasterKeys({ current, previous }: MasterKeys): readonly string[] {
  return previous === null ? [current] : [current, previous];
}

/**
 * The kinds of sealed texts, each with the place that it is bound to. `provider-credentials` and
 * `webhook-secrets` are kept for good: they are sealed anew when they are opened, and all of them by
 * the run of the minute. An `answer` to a request is sealed anew when it is given again, and is
 * forgotten after a day; a `hand-over` is good for two minutes, and what an
 * `authorization` needs, a log-in with a provider, for an hour at the most.
 */
export const SEALED_FOR = {
  "provider-credentials": (id: string) => `providers:${id}:credentials`,
  "webhook-secrets": (id: string) => `webhooks:${id}:secrets`,
  "hand-over": (protocol: string) => `hand-over:${protocol}`,
  answer: (request: string) => `idempotency:${request}`,
  authorization: (part: string) => `authorizations:${part}`,
} as const;
export type SealedKind = keyof typeof SEALED_FOR;

/**
 * The kinds of keys that are derived from a master key beside those that seal: the signature of
 * `tokens`, which are good for a day; the names of `requests`, which are known for a day; and the `key`
 * that is shown to a request that comes again within that day.
 */
export const DERIVED_FOR = {
  tokens: () => "tokens",
  requests: () => "requests",
  key: (part: string) => `secret of ${part}`,
} as const;
export type DerivedKind = keyof typeof DERIVED_FOR;

/** Seals a text with the current master key, for its kind and for what is named. */
export function sealFor(
  keys: MasterKeys,
  kind: SealedKind,
  name: string,
  text: string,
  nonce: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return seal(keys.current, SEALED_FOR[kind](name), text, nonce);
}

/**
 * The outcome of opening a sealed text. `isOld`: it is to be sealed anew. `missing`: the id of the
 * master key that it needs, if that is what is missing.
 */
export type Opened =
  | { readonly ok: true; readonly text: string; readonly isOld: boolean }
  | { readonly ok: false; readonly missing: string | null };

/** Opens what `sealFor` sealed, with the master key whose id it has. */
export async function openSealed(
  keys: MasterKeys,
  kind: SealedKind,
  name: string,
  sealed: string,
): Promise<Opened> {
  const id = readKeyId(sealed);
  if (id === null) return { ok: false, missing: null };
  const master = await findMasterKey(keys, id);
  if (master === null) return { ok: false, missing: id };
  const text = await unseal(master, SEALED_FOR[kind](name), sealed);
  if (text === null) return { ok: false, missing: null };
  return { ok: true, text, isOld: master !== keys.current };
}

/** The master key of an id; null if it is none of those there are. */
export async function findMasterKey(keys: MasterKeys, id: string): Promise<string | null> {
  for (const master of listMasterKeys(keys)) if ((await computeKeyId(master)) === id) return master;
  return null;
}

/** The reason why a sealed text was not opened, as a sentence that says what to do. */
export function explainUnopened({ missing }: { readonly missing: string | null }): string {
  return missing === null
    ? "It is damaged, or was sealed for another place: it must be set anew."
    : `It was sealed with the master key of id ${missing}, which this relay does not have: set that key as the secret TRIBUTARY_MASTER_KEY_PREVIOUS.`;
}

/** The id of the master key that a sealed text needs; null for a text that is none. */
export function readKeyId(sealed: string): string | null {
  return /^v1\.([0-9a-f]{8})\./.exec(sealed)?.[1] ?? null;
}

/** A key for one purpose, derived from one of the master keys. */
export function deriveFor(
  master: string,
  kind: DerivedKind,
  part = "",
): Promise<Uint8Array<ArrayBuffer>> {
  return deriveKey(master, DERIVED_FOR[kind](part));
}
