import { z } from "zod";

import { Binding, Scope } from "../../event/principal.ts";
import { parseJson } from "../../lib/json.ts";
import type { Queries } from "./queries.ts";
import { noteRevocation } from "./revocations.ts";

/** An API key without its secret. Times in milliseconds since 1970. */
export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the whole key. */
  readonly digest: string;
  readonly scopes: readonly Scope[];
  /** The channels it is bound to; null for all. */
  readonly channels: readonly Binding[] | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

// As long as the answer of a request with an Idempotency-Key is kept.
const REPEATED_WITHIN_MS = 86_400_000;

interface Row {
  id: string;
  name: string;
  digest: string;
  scopes: string;
  channels: string | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}

/** A key that is to be kept, with the SHA-256 of it in small letters. */
export interface NewKeyRecord extends KeyRecord {
  readonly folded: string;
}

/** Adds a key, unless this very request has within a day: answers the one that is there. */
export async function insertKey(
  db: Queries,
  key: NewKeyRecord,
  request: string | null = null,
): Promise<KeyRecord> {
  const insertion = db
    .prepare(
      `INSERT INTO api_keys (id, name, digest, scopes, channels, created_at, expires_at, request, folded)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10
       WHERE NOT EXISTS (SELECT 1 FROM api_keys WHERE request = ?8 AND created_at > ?9)`,
    )
    .bind(
      key.id,
      key.name,
      key.digest,
      JSON.stringify(key.scopes),
      key.channels === null ? null : JSON.stringify(key.channels),
      key.createdAt,
      key.expiresAt,
      request,
      key.createdAt - REPEATED_WITHIN_MS,
      key.folded,
    );
  const made = db
    .prepare(
      `SELECT * FROM api_keys WHERE id = ?1 OR (?2 IS NOT NULL AND request = ?2)
       ORDER BY created_at DESC LIMIT 1`,
    )
    .bind(key.id, request);
  const [, found] = await db.batch<Row>([insertion, made]);
  const row = found?.results[0];
  return row === undefined ? key : parseRow(row);
}

export async function findKey(db: Queries, id: string): Promise<KeyRecord | null> {
  const row = await db.prepare("SELECT * FROM api_keys WHERE id = ?").bind(id).first<Row>();
  return row === null ? null : parseRow(row);
}

/** Finds a key by the SHA-256 of it in small letters. */
export async function findFoldedKey(db: Queries, folded: string): Promise<KeyRecord | null> {
  const row = await db.prepare("SELECT * FROM api_keys WHERE folded = ?").bind(folded).first<Row>();
  return row === null ? null : parseRow(row);
}

/**
 * Keys after an id, in the order of their ids, revoked ones included. `within`: only those that are
 * bound to some of these channels, by their numbers, and to no other.
 */
export async function listKeys(
  db: Queries,
  { after, limit, within }: { after: string; limit: number; within: readonly number[] | null },
): Promise<KeyRecord[]> {
  const { results } = await db
    .prepare(
      `SELECT * FROM api_keys WHERE id > ?1 AND (?3 IS NULL OR (channels IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM json_each(api_keys.channels) AS bound
         WHERE json_extract(bound.value, '$.number') NOT IN (SELECT value FROM json_each(?3))
       ))) ORDER BY id LIMIT ?2`,
    )
    .bind(after, limit, within === null ? null : JSON.stringify(within))
    .all<Row>();
  return results.map(parseRow);
}

/**
 * Revokes a key, and writes down that all who hold its sockets are to be told. Revoking twice keeps
 * the first time.
 */
export async function revokeKey(db: D1Database, key: KeyRecord, now: number): Promise<void> {
  const channels = key.channels?.map(({ id }) => id) ?? null;
  await db.batch([
    db
      .prepare("UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?")
      .bind(now, key.id),
    noteRevocation(db, { credential: `key:${key.id}`, channels }, now),
  ]);
}

function parseRow(row: Row): KeyRecord {
  return {
    id: row.id,
    name: row.name,
    digest: row.digest,
    scopes: z.array(Scope).parse(parseJsonColumn(row.scopes)),
    channels: row.channels === null ? null : z.array(Binding).parse(parseJsonColumn(row.channels)),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}

function parseJsonColumn(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : null;
}
