/*
 * What the project needs of cryptography, over WebCrypto. Everything random comes in as an
 * argument: these functions give the same answer to the same question.
 */

const encoder = new TextEncoder();
// A byte-order mark is text like any other: without this it would be taken off.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** SHA-256 of UTF-8 text, as lower-case hex. */
export async function hashSha256(text: string): Promise<string> {
  return toHex(await digest(text));
}

/** The same in base64url. */
export async function hashSha256ToBase64Url(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await digest(text)));
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", encoder.encode(text));
}

/**
 * Are two digests of one length the same? Takes the same time wherever they differ. Compare
 * digests, never the secrets: the length of a secret is a secret too.
 */
export function equalDigests(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** A key for one purpose, derived from the master secret (HKDF-SHA-256): 32 bytes. */
export async function deriveKey(master: string, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const secret = await crypto.subtle.importKey("raw", encoder.encode(master), "HKDF", false, [
    "deriveBits",
  ]);
  const bits = await crypto.subtle.deriveBits(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: encoder.encode("tributary"),
      info: encoder.encode(purpose),
    },
    secret,
    256,
  );
  return new Uint8Array(bits);
}

/**
 * The first eight hex digits of a master secret's digest: tells keys apart, tells nothing of them.
 */
export async function computeKeyId(master: string): Promise<string> {
  return (await hashSha256(`key id of ${master}`)).slice(0, 8);
}

/** AES-GCM's own nonce length in bytes (NIST SP 800-38D). */
export const NONCE_BYTES = 12;

/**
 * Seals text so that only the same master secret, for the same `place`, opens it:
 * `v1.<key id>.<nonce>.<ciphertext>`. `place` names the row the text belongs to and is bound to it,
 * so that a sealed value copied into another row does not open. `nonce`: 12 random bytes, never
 * used twice.
 */
export async function seal(
  master: string,
  place: string,
  text: string,
  nonce: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const key = await deriveSealingKey(master);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: encoder.encode(place) },
    key,
    encoder.encode(text),
  );
  return [
    "v1",
    await computeKeyId(master),
    toBase64Url(nonce),
    toBase64Url(new Uint8Array(sealed)),
  ].join(".");
}

/** Opens what `seal` closed, or null: another master secret, another place, or tampered with. */
export async function unseal(
  master: string,
  place: string,
  sealed: string,
): Promise<string | null> {
  const [version, keyId, nonce, body, ...rest] = sealed.split(".");
  if (version !== "v1" || nonce === undefined || body === undefined) return null;
  if (rest.length > 0) return null;
  if (keyId !== (await computeKeyId(master))) return null;
  try {
    const text = await crypto.subtle.decrypt(
      {
        name: "AES-GCM",
        iv: fromBase64Url(nonce),
        additionalData: encoder.encode(place),
      },
      await deriveSealingKey(master),
      fromBase64Url(body),
    );
    return decoder.decode(text);
  } catch {
    // The answer: it was not sealed with this key, or for this place.
    return null;
  }
}

async function deriveSealingKey(master: string): Promise<CryptoKey> {
  const key = await deriveKey(master, "seal");
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
