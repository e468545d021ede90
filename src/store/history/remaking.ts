import { findChannel, type ChannelRecord } from "./channels.ts";

/**
 * Puts a new channel in the place of one that has lost its log: the same, but with a number and an
 * epoch of its own; what there is of the old one is taken away. Null where it is gone by now.
 */
export async function remakeChannel(
  db: D1Database,
  { id, number, epoch }: ChannelRecord,
  newEpoch: string,
  now: number,
): Promise<ChannelRecord | null> {
  await db.batch([
    db
      .prepare(
        `INSERT INTO purges (channel, created_at, id, ended, ended_at, jurisdiction, history_database)
         SELECT number, ?3, id, 1, ?3, jurisdiction, history_database
         FROM channels WHERE number = ?1 AND epoch = ?2
         ON CONFLICT DO NOTHING`,
      )
      .bind(number, epoch, now),
    db.prepare("DELETE FROM overlay_keys WHERE channel = ?").bind(number),
    db.prepare("DELETE FROM reports WHERE channel = ?").bind(number),
    // A row of its own, so that its number is one that was never used.
    db
      .prepare(
        `INSERT INTO channels
           (id, name, epoch, public, retention_days, mode, created_at, updated_at, untold,
            jurisdiction, location_hint, merge, history_database)
         SELECT id || ' ', name, ?3, public, retention_days, mode, created_at, ?4, 1,
                jurisdiction, location_hint, merge, history_database
         FROM channels WHERE number = ?1 AND epoch = ?2`,
      )
      .bind(number, epoch, newEpoch, now),
    db.prepare("DELETE FROM channels WHERE number = ? AND epoch = ?").bind(number, epoch),
    db.prepare("UPDATE channels SET id = ?1 WHERE id = ?1 || ' '").bind(id),
  ]);
  return findChannel(db, id);
}
