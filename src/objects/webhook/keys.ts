import { z } from "zod";

import type { PublicKeyView } from "../../calls/webhook-view.ts";
import type { SigningKeys } from "../../delivery/signature.ts";
import { decodeJson } from "../../lib/json.ts";
import { explainUnopened, openSealed, sealFor, type MasterKeys } from "../../lib/master-keys.ts";
import { NONCE_BYTES } from "../../lib/secrecy.ts";
import {
  fromBase64,
  importEd25519Key,
  importHmacKey,
  exportPublicKey,
  toBase64,
} from "../../lib/signing.ts";
import { formatTime } from "../../lib/time.ts";
import { readMeta, writeMeta } from "../../store/object/meta.ts";
import type { KeptSeal } from "../resealing.ts";
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

/** A source of random bytes. */
type MakeBytes = (count: number) => Uint8Array<ArrayBuffer>;

/**
 * The keys that a webhook is signed with: a secret for `v1` and a key pair for `v1a`, rotated
 * together. Only here are they ever in the clear.
 */
export class WebhookKeys {
  readonly #sql: SqlStorage;
  readonly #masterKeys: MasterKeys;
  readonly #bytes: MakeBytes;
  #records: KeyRecords;
  readonly #opened = new Map<string, SigningKeys>();

  constructor(sql: SqlStorage, masterKeys: MasterKeys, bytes: MakeBytes) {
    this.#sql = sql;
    this.#masterKeys = masterKeys;
    this.#bytes = bytes;
    this.#records = readMeta(sql, "keys", KeyRecords) ?? [];
  }

  /** Makes a key that is not used yet. */
  async make(webhook: string, now: number): Promise<MadeKey> {
    const secret = toBase64(this.#bytes(SECRET_BYTES));
    const seed = this.#bytes(SEED_BYTES);
    const id = `${webhook}.${now.toString(36)}`;
    const publicKey = toBase64(await exportPublicKey(await importEd25519Key(seed)));
    const text = JSON.stringify({ secret, seed: toBase64(seed) });
    const sealed = await this.#seal(id, text);
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

  /** The secrets as they are kept, sealed. */
  get keptSeals(): readonly KeptSeal[] {
    return this.#records.map((record) => ({
      kind: "webhook-secrets",
      name: record.id,
      sealed: record.sealed,
      reseal: (text) => this.#reseal(record, text),
    }));
  }

  /** Seals the same secrets anew, unless they have gone meanwhile. */
  async #reseal({ id, sealed: before }: KeyRecord, text: string): Promise<void> {
    const sealed = await this.#seal(id, text);
    this.#records = this.#records.map((key) =>
      key.id === id && key.sealed === before ? { ...key, sealed } : key,
    );
    writeMeta(this.#sql, "keys", this.#records);
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

  async #secretsOf(record: KeyRecord): Promise<z.infer<typeof Secrets>> {
    const { id, sealed } = record;
    const opened = await openSealed(this.#masterKeys, "webhook-secrets", id, sealed);
    const secrets = opened.ok ? decodeJson(Secrets, opened.text) : null;
    if (opened.ok && opened.isOld) await this.#reseal(record, opened.text);
    if (secrets?.ok === true) return secrets.value;
    const why = explainUnopened(opened.ok ? { missing: null } : opened);
    throw new Error(`The signing key cannot be opened. ${why}`);
  }

  #seal(id: string, text: string): Promise<string> {
    return sealFor(this.#masterKeys, "webhook-secrets", id, text, this.#bytes(NONCE_BYTES));
  }
}

/** A public key as a JSON Web Key has it. */
export function toX(publicKey: string): string {
  return publicKey.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
