/**
 * Verifies what a relay's webhooks send: `v1` (HMAC-SHA256) with the secret, or `v1a` (Ed25519) with
 * a public key. Needs WebCrypto and nothing else.
 *
 * @module
 */
import type { StreamEvent } from "./event-types.ts";

/** A JSON Web Key set, as `/.well-known/jwks.json` has it. */
export interface KeySet {
  readonly keys: readonly JsonWebKey[];
}

/** The keys that a delivery is verified with: one that fits is enough. */
export interface WebhookKeys {
  /** `whsec_…`; two during a rotation. */
  readonly secret?: string | readonly string[];
  /** `whpk_…`, or a key set. */
  readonly publicKey?: string | KeySet | readonly string[];
}

export interface WebhookDelivery extends WebhookKeys {
  /** The body as it came, byte by byte. */
  readonly body: string | Uint8Array;
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** How old it may be, and how early. 300. */
  readonly toleranceSeconds?: number;
  /** The time, in milliseconds. */
  readonly now?: number;
}

/** A delivery that is not to be believed. */
export class WebhookError extends Error {
  override readonly name: string = "WebhookError";
  readonly code: "header_missing" | "timestamp_invalid" | "signature_invalid" | "body_invalid";

  constructor(code: WebhookError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** A delivery that was verified. */
export interface VerifiedWebhook {
  /** The same for each attempt: what was done once need not be done again. */
  readonly id: string;
  /** One, or those of a batch. */
  readonly events: readonly StreamEvent[];
}

const TOLERANCE_S = 300;

/** Answers the events of a delivery; rejects with a `WebhookError` where it is not genuine. */
export async function verifyWebhook(delivery: WebhookDelivery): Promise<VerifiedWebhook> {
  const { body, now = Date.now(), toleranceSeconds = TOLERANCE_S } = delivery;
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) =>
    readHeader(delivery.headers, `webhook-${name}`),
  ) as [string, string, string];
  const ageSeconds = now / 1_000 - Number(timestamp);
  // Also refused where it is no number.
  if (!/^\d+$/.test(timestamp) || !(Math.abs(ageSeconds) <= toleranceSeconds)) {
    throw new WebhookError("timestamp_invalid", "webhook-timestamp is too old, or of the future");
  }
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const start = new TextEncoder().encode(`${id}.${timestamp}.`);
  const content = new Uint8Array(start.length + bytes.length);
  content.set(start);
  content.set(bytes, start.length);
  if (!(await isSigned(content, signatures, delivery))) {
    throw new WebhookError("signature_invalid", "no signature is of these keys");
  }
  return { id, events: readEvents(bytes) };
}

function readHeader(headers: WebhookDelivery["headers"], name: string): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  if (typeof value === "string" && value !== "") return value;
  throw new WebhookError("header_missing", `${name} is missing`);
}

function readEvents(bytes: Uint8Array): readonly StreamEvent[] {
  try {
    return [JSON.parse(new TextDecoder().decode(bytes)) as StreamEvent].flat();
  } catch {
    // It is told as what it is.
    throw new WebhookError("body_invalid", "the body is not JSON");
  }
}

/** Is one of the signatures of one of the keys? */
async function isSigned(
  content: Uint8Array<ArrayBuffer>,
  header: string,
  { secret = [], publicKey = [] }: WebhookKeys,
): Promise<boolean> {
  const keys = [
    ...[secret].flat().map((each) => importSecret(each)),
    ...(isKeySet(publicKey) ? publicKey.keys.filter(isEd25519).map(importJwk) : []),
    ...(isKeySet(publicKey) ? [] : [publicKey].flat().map((each) => importPublicKey(each))),
  ];
  for (const importing of keys) {
    const { key, version } = await importing;
    for (const each of header.split(" ")) {
      const [named, signature = ""] = each.split(",", 2);
      const bytes = named === version ? fromBase64(signature) : null;
      if (bytes !== null && (await crypto.subtle.verify(key.algorithm, key, bytes, content))) {
        return true;
      }
    }
  }
  return false;
}

interface Imported {
  readonly version: "v1" | "v1a";
  readonly key: CryptoKey;
}

async function importSecret(secret: string): Promise<Imported> {
  const bytes = need(secret.replace(/^whsec_/, ""));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
  return { version: "v1", key };
}

async function importPublicKey(text: string): Promise<Imported> {
  const bytes = need(text.replace(/^whpk_/, ""));
  const key = await crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
  return { version: "v1a", key };
}

async function importJwk({ kty, crv, x }: JsonWebKey): Promise<Imported> {
  const jwk = { kty, crv, x } as JsonWebKey;
  const key = await crypto.subtle.importKey("jwk", jwk, "Ed25519", false, ["verify"]);
  return { version: "v1a", key };
}

function isKeySet(key: NonNullable<WebhookKeys["publicKey"]>): key is KeySet {
  return typeof key === "object" && "keys" in key && Array.isArray(key.keys);
}

function isEd25519({ kty, crv }: JsonWebKey): boolean {
  return kty === "OKP" && crv === "Ed25519";
}

/** The bytes of a key that the receiver was given. */
function need(text: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(text);
  if (bytes === null || bytes.length === 0) throw new TypeError("the key is not base64");
  return bytes;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  } catch {
    // A signature that cannot be read is none.
    return null;
  }
}

/** Fetches the keys that a relay publishes. They may be kept for five minutes. */
export async function fetchKeys(
  relay: string | URL,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<KeySet> {
  const response = await fetch(new URL("/.well-known/jwks.json", relay));
  if (!response.ok) throw new Error(`the relay's keys: ${response.status}`);
  return (await response.json()) as KeySet;
}
