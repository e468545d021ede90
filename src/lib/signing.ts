/*
 * Signatures over WebCrypto. Keys are made of bytes that come in as an argument; in base 64, which
 * is how Standard Webhooks writes them.
 */

const encoder = new TextEncoder();

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function importHmacKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

export async function signHmacSha256(key: CryptoKey, text: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))));
}

// RFC 8410: what comes before the 32 bytes of the seed in PKCS #8.
const PKCS8_HEAD = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

/** The private key that belongs to a seed of 32 bytes (RFC 8032). */
export function importEd25519Key(seed: Uint8Array): Promise<CryptoKey> {
  const pkcs8 = Uint8Array.from([...PKCS8_HEAD, ...seed]);
  return crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
}

/** The public half of a private key: 32 bytes. */
export async function exportPublicKey(key: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  // In Workers the type covers raw keys as well.
  const { x = "" } = (await crypto.subtle.exportKey("jwk", key)) as JsonWebKey;
  return fromBase64(x.replaceAll("-", "+").replaceAll("_", "/"));
}

/** Does a signature hold? RSA, PKCS #1 v1.5 with SHA-256, by a public key as SPKI; both in base 64. */
export async function verifyRsaSha256(
  spki: string,
  signature: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    const key = await crypto.subtle.importKey("spki", fromBase64(spki), algorithm, false, [
      "verify",
    ]);
    return await crypto.subtle.verify(algorithm.name, key, fromBase64(signature), signed);
  } catch {
    // The answer: what is no key or no signature verifies nothing.
    return false;
  }
}

export async function signEd25519(key: CryptoKey, text: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign("Ed25519", key, encoder.encode(text))));
}
