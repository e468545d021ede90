import { z } from "zod";

import type { PublicKeyView } from "../../calls/webhook-view.ts";
import type { SigningKeys } from "../../delivery/signature.ts";
import { decodeJson } from "../../lib/json.ts";
import { NONCE_BYTES, seal, unseal } from "../../lib/secrecy.ts";
import {
  fromBase64,
  importEd25519Key,
  importHmacKey,
  exportPublicKey,
  toBase64,
} from "../../lib/signing.ts";
import { formatTime } from "../../lib/time.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import { KeyRecords } from "./meta.ts";

/** The sealed secrets of a key pair, both in base 64. */
const Secrets = z.object({ secret: z.string(), seed: z.string() });

// Standard Webhooks: 24 to 64 bytes. Ed25519 seeds have 32.
const SECRET_BYTES = 32;
const SEED_BYTES = 32;

// More than this many secrets at once help nobody, and each costs two signatures a delivery.
const KEYS_AT_ONCE = 4;

type KeyRecord = KeyRecords[number];

/** A new pair of secrets: its record, and what is shown once. */
export interface MadeKey {
  readonly record: KeyRecord;
  readonly secret: string;
}

/**
 * The keys that a webhook is signed with: a secret for `v1` and a key pair for `v1a`, rotated
 * together. Only here are they ever in the clear.
 */
export class WebhookKeys {
  readonly #sql: SqlStorage;
  readonly #masterKey: string;
  #records: KeyRecords;
  readonly #opened = new Map<string, SigningKeys>();

  constructor(sql: SqlStorage, masterKey: string) {
    this.#sql = sql;
    this.#masterKey = masterKey;
    this.#records = readMeta(sql, "keys", KeyRecords) ?? [];
  }

  /** Makes a key that is not used yet. */
  async make(webhook: string, bytes: (count: number) => Uint8Array<ArrayBuffer>, now: number) {
    const secret = toBase64(bytes(SECRET_BYTES));
    const seed = bytes(SEED_BYTES);
    const id = `${webhook}.${now.toString(36)}`;
    const publicKey = toBase64(await exportPublicKey(await importEd25519Key(seed)));
    const text = JSON.stringify({ secret, seed: toBase64(seed) });
    const sealed = await seal(this.#masterKey, formatSealedFor(id), text, bytes(NONCE_BYTES));
    const record: KeyRecord = { id, sealed, publicKey, createdAt: now, retiresAt: null };
    return { record, secret: `whsec_${secret}` };
  }

  /** Signs with a new key from now on; the others go on beside it until their time. */
  adopt(record: KeyRecord, othersUntil: number, now: number): void {
    const others = this.#records
      .map((key) => ({ ...key, retiresAt: Math.min(key.retiresAt ?? othersUntil, othersUntil) }))
      .filter((key) => key.retiresAt > now)
      .slice(0, KEYS_AT_ONCE - 1);
    this.#records = [record, ...others];
    writeMeta(this.#sql, "keys", this.#records);
    for (const id of this.#opened.keys()) {
      if (!this.#records.some((key) => key.id === id)) this.#opened.delete(id);
    }
  }

  get current(): KeyRecord | null {
    return this.#records[0] ?? null;
  }

  /** Which keys there are, and until when they sign. */
  get all(): readonly { id: string; retiresAt: number | null }[] {
    return this.#records.map(({ id, retiresAt }) => ({ id, retiresAt }));
  }

  /** Opens what was shown when a key was made; null if it no longer signs. */
  async shownAgain(id: string | null): Promise<MadeKey | null> {
    const record = this.#records.find((each) => each.id === id);
    if (record === undefined) return null;
    return { record, secret: `whsec_${(await this.#secretsOf(record)).secret}` };
  }

  /** The keys to sign with at a time, the newest first. Rejects if they cannot be opened. */
  async signing(now: number): Promise<SigningKeys[]> {
    const usable = this.#usable(now);
    // Nothing leaves without a signature.
    if (usable.length === 0) throw new Error("there are no signing keys");
    return Promise.all(usable.map((record) => this.#open(record)));
  }

  shown(now: number): PublicKeyView[] {
    return this.#usable(now).map(({ id, publicKey, retiresAt }) => ({
      id,
      publicKey: `whpk_${publicKey}`,
      x: toX(publicKey),
      retiresAt: retiresAt === null ? null : formatTime(retiresAt),
    }));
  }

  #usable(now: number): KeyRecord[] {
    return this.#records.filter(({ retiresAt }) => retiresAt === null || retiresAt > now);
  }

  async #open(record: KeyRecord): Promise<SigningKeys> {
    const { id } = record;
    const known = this.#opened.get(id);
    if (known !== undefined) return known;
    const { secret, seed } = await this.#secretsOf(record);
    const keys = {
      hmac: await importHmacKey(fromBase64(secret)),
      ed25519: await importEd25519Key(fromBase64(seed)),
    };
    this.#opened.set(id, keys);
    return keys;
  }

  async #secretsOf({ id, sealed }: KeyRecord): Promise<z.infer<typeof Secrets>> {
    const text = await unseal(this.#masterKey, formatSealedFor(id), sealed);
    const secrets = text === null ? null : decodeJson(Secrets, text);
    if (secrets === null || !secrets.ok) {
      throw new Error("the signing keys cannot be opened with this master key");
    }
    return secrets.value;
  }
}

/** A public key as a JSON Web Key has it. */
export function toX(publicKey: string): string {
  return publicKey.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Formats the row that a webhook's secrets are sealed to: they open nowhere else. */
function formatSealedFor(keyId: string): string {
  return `webhooks:${keyId}:secrets`;
}
