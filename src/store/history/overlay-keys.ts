import type { Queries } from "./queries.ts";
import { noteRevocation } from "./revocations.ts";

/** A key that only reads one channel, without its secret. Times in milliseconds since 1970. */
export interface OverlayKeyRecord {
  readonly id: string;
  /** The channel's number. */
  readonly channel: number;
  readonly name: string;
  /** Words on the place that it was put: which program, on which machine. */
  readonly label: string | null;
  /** SHA-256 of the whole key. */
  readonly digest: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** The beginning of the day on which it was last used. */
  readonly lastUsedAt: number | null;
}

// As long as the answer of a request with an Idempotency-Key is kept.
const REPEATED_WITHIN_MS = 86_400_000;

interface Row {
  id: string;
  channel: number;
  name: string;
  digest: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  label: string | null;
  last_used_at: number | null;
}

/** Adds a key, unless this very request has within a day: answers the one that is there. */
export async function insertOverlayKey(
  db: Queries,
  key: OverlayKeyRecord,
  request: string | null = null,
): Promise<OverlayKeyRecord> {
  const { id, channel, name, digest, createdAt } = key;
  const insertion = db
    .prepare(
      `INSERT INTO overlay_keys (id, channel, name, digest, created_at, expires_at, request, label)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?9
       WHERE NOT EXISTS (SELECT 1 FROM overlay_keys WHERE request = ?7 AND created_at > ?8)`,
    )
    .bind(
      id,
      channel,
      name,
      digest,
      createdAt,
      key.expiresAt,
      request,
      createdAt - REPEATED_WITHIN_MS,
      key.label,
    );
  const made = db
    .prepare(
      `SELECT * FROM overlay_keys WHERE id = ?1 OR (?2 IS NOT NULL AND request = ?2)
       ORDER BY created_at DESC LIMIT 1`,
    )
    .bind(id, request);
  const [, found] = await db.batch<Row>([insertion, made]);
  const row = found?.results[0];
  return row === undefined ? key : parseRow(row);
}

/** An overlay key with the id of its channel. */
export async function findOverlayKey(
  db: Queries,
  id: string,
): Promise<(OverlayKeyRecord & { channelId: string }) | null> {
  const row = await db
    .prepare(
      `SELECT overlay_keys.*, channels.id AS channel_id
       FROM overlay_keys JOIN channels ON channels.number = overlay_keys.channel
       WHERE overlay_keys.id = ?`,
    )
    .bind(id)
    .first<Row & { channel_id: string }>();
  return row === null ? null : { ...parseRow(row), channelId: row.channel_id };
}

/** A channel's overlay keys after an id, in the order of their ids, revoked ones included. */
export async function listOverlayKeys(
  db: Queries,
  channel: number,
  { after, limit }: { after: string; limit: number },
): Promise<OverlayKeyRecord[]> {
  const { results } = await db
    .prepare("SELECT * FROM overlay_keys WHERE channel = ? AND id > ? ORDER BY id LIMIT ?")
    .bind(channel, after, limit)
    .all<Row>();
  return results.map(parseRow);
}

/** Notes the day on which a key is used, by its beginning: a row is written once a day. */
export async function noteOverlayKeyUse(db: D1Database, id: string, day: number): Promise<void> {
  await db
    .prepare(
      `UPDATE overlay_keys SET last_used_at = ?2
       WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)`,
    )
    .bind(id, day)
    .run();
}

/**
 * Revokes a channel's overlay key, and writes down that all who hold its sockets are to be told; false
 * if there is none.
 */
export async function revokeOverlayKey(
  db: D1Database,
  channel: { readonly id: string; readonly number: number },
  id: string,
  now: number,
): Promise<boolean> {
  const key = await findOverlayKey(db.withSession("first-primary"), id);
  if (key === null || key.channel !== channel.number) return false;
  await db.batch([
    db
      .prepare("UPDATE overlay_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?")
      .bind(now, id),
    noteRevocation(db, { credential: `overlay:${id}`, channels: [channel.id] }, now),
  ]);
  return true;
}

function parseRow(row: Row): OverlayKeyRecord {
  return {
    id: row.id,
    channel: row.channel,
    name: row.name,
    digest: row.digest,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    label: row.label,
    lastUsedAt: row.last_used_at,
  };
}
