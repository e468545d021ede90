import { hashSha256ToBase64Url, toBase64Url } from "./secrecy.ts";

/** The secret of one log-in, by which whoever exchanges its code is the one that asked (RFC 7636). */
export interface ProofKey {
  readonly verifier: string;
  /** Its SHA-256 in base64url, which is no secret. */
  readonly challenge: string;
}

/** Bytes that make a verifier of 43 characters, which is the least that there may be. */
export const PROOF_BYTES = 32;

/** Makes a proof key of random bytes. */
export async function makeProofKey(random: Uint8Array): Promise<ProofKey> {
  const verifier = toBase64Url(random);
  return { verifier, challenge: await hashSha256ToBase64Url(verifier) };
}
