import { RelayError } from "../errors.ts";
import { encodeBase62, computeChecksum62 } from "../lib/base62.ts";
import { deriveFor, listMasterKeys, type MasterKeys } from "../lib/master-keys.ts";
import { equalDigests, hashSha256 } from "../lib/secrecy.ts";

/*
 * Keys: `trb_<public id>_<secret><checksum>`, and `trbo_` for overlay keys. The checksum shows a
 * typing error, and shows secret scanners what it is, before anything is looked up.
 */

const ID_LENGTH = 12;
const SECRET_LENGTH = 32;

/** A key as it is shown once, and what is kept of it. */
export interface NewKey {
  readonly id: string;
  readonly key: string;
  readonly digest: string;
  /** The digest of the key in small letters. */
  readonly folded: string;
}

/** Makes a key: 190 bits of chance in its secret. */
export async function makeKey(prefix: "trb" | "trbo"): Promise<NewKey> {
  return composeKey(prefix, makeRandomText(ID_LENGTH), makeRandomText(SECRET_LENGTH));
}

/**
 * Makes a key for a request that may come again: its secret follows from its id and the relay's own,
 * so that it can be shown again and is kept nowhere.
 */
export function makeRepeatableKey(keys: MasterKeys, prefix: "trb" | "trbo"): Promise<NewKey> {
  return deriveOwnKey(keys.current, prefix, makeRandomText(ID_LENGTH));
}

/**
 * Makes a key once more that was made so, by what is kept of it, also where the master key was changed
 * in between. Null if it was made with a master key that is gone.
 */
export async function makeKeyAgain(
  keys: MasterKeys,
  prefix: "trb" | "trbo",
  { id, digest }: Pick<NewKey, "id" | "digest">,
): Promise<string | null> {
  for (const master of listMasterKeys(keys)) {
    const made = await deriveOwnKey(master, prefix, id);
    if (equalDigests(made.digest, digest)) return made.key;
  }
  return null;
}

async function deriveOwnKey(master: string, prefix: "trb" | "trbo", id: string): Promise<NewKey> {
  const parts = await Promise.all(
    [1, 2, 3].map((part) => deriveFor(master, "key", `${prefix}_${id}, ${part}`)),
  );
  return composeKey(
    prefix,
    id,
    encodeBase62(Uint8Array.from(parts.flatMap((part) => [...part])), SECRET_LENGTH),
  );
}

async function composeKey(prefix: "trb" | "trbo", id: string, secret: string): Promise<NewKey> {
  const body = `${prefix}_${id}_${secret}`;
  const key = body + computeChecksum62(body);
  return { id, key, digest: await hashSha256(key), folded: await hashSha256(key.toLowerCase()) };
}

/** A key was made by this very request, with a master key that the relay does not have any more. */
export function makeUnshowable(): RelayError {
  return new RelayError(
    "unavailable",
    "The key was made, and cannot be shown again: it was made with a master key that is gone. Revoke it, and make another.",
  );
}

/** A ticket for one socket: 190 bits of chance. */
export function makeTicket(): string {
  return makeRandomText(SECRET_LENGTH);
}

function makeRandomText(length: number): string {
  // 3 % of bytes cannot be used: twice as many always suffice.
  return encodeBase62(crypto.getRandomValues(new Uint8Array(length * 2 + 16)), length);
}
