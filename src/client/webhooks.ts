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

  constructor(code: WebhookError["code"], message: string = code) {
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
  const { now = Date.now(), toleranceSeconds = TOLERANCE_S } = delivery;
  const body = delivery.body as string | Uint8Array<ArrayBuffer>;
  const id = readHeader(delivery.headers, "id");
  const timestamp = readHeader(delivery.headers, "timestamp");
  const signatures = readHeader(delivery.headers, "signature");
  const isInTime = Math.abs(now / 1_000 - Number(timestamp)) <= toleranceSeconds;
  // Also refused where it is no number.
  if (!isInTime) throw new WebhookError("timestamp_invalid");
  const content = await new Blob([`${id}.${timestamp}.`, body]).arrayBuffer();
  const keys = await Promise.all(importKeys(delivery));
  if (!(await isSigned(content, signatures, keys))) throw new WebhookError("signature_invalid");
  return { id, events: readEvents(await new Blob([body]).text()) };
}

function readHeader(headers: WebhookDelivery["headers"], part: string): string {
  const name = `webhook-${part}`;
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  const value = entries.find(([each]) => each.toLowerCase() === name)?.[1];
  if (typeof value !== "string") throw new WebhookError("header_missing", `no ${name}`);
  return value;
}

function readEvents(text: string): readonly StreamEvent[] {
  try {
    return [JSON.parse(text) as StreamEvent].flat();
  } catch {
    // It is told as what it is.
    throw new WebhookError("body_invalid");
  }
}

/** Is one of the signatures of one of the keys? */
async function isSigned(
  content: ArrayBuffer,
  signatures: string,
  keys: readonly CryptoKey[],
): Promise<boolean> {
  for (const each of signatures.split(" ")) {
    const [version, signature = ""] = each.split(",");
    const bytes = tryBase64(signature);
    for (const key of keys) {
      const { name } = key.algorithm;
      if (bytes === null || version !== (name === ED25519 ? "v1a" : "v1")) continue;
      if (await crypto.subtle.verify(name, key, bytes, content)) return true;
    }
  }
  return false;
}

const ED25519 = "Ed25519";
const HMAC = { name: "HMAC", hash: "SHA-256" };

function importKeys({ secret = [], publicKey = [] }: WebhookKeys): Promise<CryptoKey>[] {
  const { subtle } = crypto;
  const importRaw = (text: string, algorithm: string | typeof HMAC): Promise<CryptoKey> => {
    const bytes = fromBase64(text.replace(/^wh(sec|pk)_/, ""));
    return subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
  };
  const importSet = ({ keys }: KeySet): Promise<CryptoKey>[] =>
    keys
      .filter(({ crv }) => crv === ED25519)
      .map(({ kty, crv, x }) =>
        subtle.importKey("jwk", { kty, crv, x } as JsonWebKey, ED25519, false, ["verify"]),
      );
  return [
    ...[secret].flat().map((each) => importRaw(each, HMAC)),
    ...[publicKey]
      .flat()
      .flatMap((each) => (typeof each === "string" ? importRaw(each, ED25519) : importSet(each))),
  ];
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
}

function tryBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64(text);
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
  if (!response.ok) throw new Error(`keys: ${response.status}`);
  return (await response.json()) as KeySet;
}
