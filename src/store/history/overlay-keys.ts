import type { Queries } from "./events.ts";
import { noteRevocation } from "./revocations.ts";

/** A key that only reads one channel, without its secret. Times in milliseconds since 1970. */
export interface OverlayKeyRecord {
  readonly id: string;
  /** The channel's number. */
  readonly channel: number;
  readonly name: string;
  /** SHA-256 of the whole key. */
  readonly digest: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

interface Row {
  id: string;
  channel: number;
  name: string;
  digest: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}

export async function insertOverlayKey(db: Queries, key: OverlayKeyRecord): Promise<void> {
  await db
    .prepare(
      `INSERT INTO overlay_keys (id, channel, name, digest, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .bind(key.id, key.channel, key.name, key.digest, key.createdAt, key.expiresAt)
    .run();
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
  return row === null ? null : { ...fromRow(row), channelId: row.channel_id };
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
  return results.map(fromRow);
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

function fromRow(row: Row): OverlayKeyRecord {
  return {
    id: row.id,
    channel: row.channel,
    name: row.name,
    digest: row.digest,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
