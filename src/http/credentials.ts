import { encodeBase62, computeChecksum62 } from "../lib/base62.ts";
import { deriveKey, hashSha256 } from "../lib/secrecy.ts";

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
}

/** Makes a key: 190 bits of chance in its secret. */
export async function makeKey(prefix: "trb" | "trbo"): Promise<NewKey> {
  return composeKey(prefix, makeRandomText(ID_LENGTH), makeRandomText(SECRET_LENGTH));
}

/**
 * Makes a key for a request that may come again, or, by its id, the same once more: its secret
 * follows from its id and the relay's own, so that it can be shown again and is kept nowhere.
 */
export async function makeKeyAgain(
  masterKey: string,
  prefix: "trb" | "trbo",
  id = makeRandomText(ID_LENGTH),
): Promise<NewKey> {
  const parts = await Promise.all(
    [1, 2, 3].map((part) => deriveKey(masterKey, `secret of ${prefix}_${id}, ${part}`)),
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
  return { id, key, digest: await hashSha256(key) };
}

/** A ticket for one socket: 190 bits of chance. */
export function makeTicket(): string {
  return makeRandomText(SECRET_LENGTH);
}

function makeRandomText(length: number): string {
  // 3 % of bytes cannot be used: twice as many always suffice.
  return encodeBase62(crypto.getRandomValues(new Uint8Array(length * 2 + 16)), length);
}
