import { signHmacSha256, signEd25519 } from "../lib/signing.ts";

/** The keys that a delivery is signed with; more than one during a rotation. */
export interface SigningKeys {
  readonly hmac: CryptoKey;
  readonly ed25519: CryptoKey;
}

/**
 * The value of `webhook-signature` (Standard Webhooks): for each key pair a `v1` and a `v1a` over
 * `id.timestamp.body`, the current pair first.
 */
export async function signDelivery(
  keys: readonly SigningKeys[],
  id: string,
  timestamp: number,
  body: string,
): Promise<string> {
  const content = `${id}.${timestamp}.${body}`;
  const signatures = await Promise.all(
    keys.flatMap(({ hmac, ed25519 }) => [
      signHmacSha256(hmac, content).then((signature) => `v1,${signature}`),
      signEd25519(ed25519, content).then((signature) => `v1a,${signature}`),
    ]),
  );
  return signatures.join(" ");
}
