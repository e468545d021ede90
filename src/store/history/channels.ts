import { z } from "zod";

import { ChannelId, Epoch } from "../../event/ids.ts";
import type { Queries } from "./events.ts";

/** A channel as everyone knows it. Times in milliseconds since 1970. */
export const ChannelRecord = z.object({
  number: z.int(),
  id: ChannelId,
  name: z.string(),
  epoch: Epoch,
  public: z.boolean(),
  retentionDays: z.int(),
  mode: z.enum(["always", "on_demand"]),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type ChannelRecord = z.infer<typeof ChannelRecord>;

interface Row {
  number: number;
  id: string;
  name: string;
  epoch: string;
  public: number;
  retention_days: number;
  mode: string;
  created_at: number;
  updated_at: number;
}

/** Adds a channel, unless this very request has before; null if its id is taken. */
export async function insertChannel(
  db: Queries,
  channel: Omit<ChannelRecord, "number">,
  request: string | null = null,
): Promise<ChannelRecord | null> {
  const row = await db
    .prepare(
      `INSERT INTO channels
         (id, name, epoch, public, retention_days, mode, created_at, updated_at, request)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET request = excluded.request
         WHERE channels.request = excluded.request
       RETURNING *`,
    )
    .bind(
      channel.id,
      channel.name,
      channel.epoch,
      channel.public ? 1 : 0,
      channel.retentionDays,
      channel.mode,
      channel.createdAt,
      channel.updatedAt,
      request,
    )
    .first<Row>();
  return row === null ? null : fromRow(row);
}

export async function findChannel(db: Queries, id: string): Promise<ChannelRecord | null> {
  const row = await db.prepare("SELECT * FROM channels WHERE id = ?").bind(id).first<Row>();
  return row === null ? null : fromRow(row);
}

export async function findChannelByNumber(
  db: Queries,
  number: number,
): Promise<ChannelRecord | null> {
  const row = await db.prepare("SELECT * FROM channels WHERE number = ?").bind(number).first<Row>();
  return row === null ? null : fromRow(row);
}

/** Channels after an id, in the order of their ids. */
export async function listChannels(
  db: Queries,
  { after, limit }: { after: string; limit: number },
): Promise<ChannelRecord[]> {
  const { results } = await db
    .prepare("SELECT * FROM channels WHERE id > ? ORDER BY id LIMIT ?")
    .bind(after, limit)
    .all<Row>();
  return results.map(fromRow);
}

/**
 * Changes a channel if it is still as it was at `updatedAt`; null if it is gone or was changed by
 * somebody else.
 */
export async function updateChannel(
  db: Queries,
  channel: ChannelRecord,
  updatedAt: number,
): Promise<ChannelRecord | null> {
  const row = await db
    .prepare(
      `UPDATE channels SET name = ?, public = ?, retention_days = ?, mode = ?, updated_at = ?
       WHERE number = ? AND updated_at = ? RETURNING *`,
    )
    .bind(
      channel.name,
      channel.public ? 1 : 0,
      channel.retentionDays,
      channel.mode,
      channel.updatedAt,
      channel.number,
      updatedAt,
    )
    .first<Row>();
  return row === null ? null : fromRow(row);
}

/** Takes a channel away, and leaves a note that its events are to go. */
export async function deleteChannel(db: Queries, number: number, now: number): Promise<void> {
  await db.batch([
    db.prepare("INSERT INTO purges (channel, created_at) VALUES (?, ?)").bind(number, now),
    db.prepare("DELETE FROM overlay_keys WHERE channel = ?").bind(number),
    db.prepare("DELETE FROM channels WHERE number = ?").bind(number),
  ]);
}

/** Channels whose events are still to go, the oldest first. */
export async function listPurges(db: Queries, limit: number): Promise<number[]> {
  const { results } = await db
    .prepare("SELECT channel FROM purges ORDER BY created_at LIMIT ?")
    .bind(limit)
    .all<{ channel: number }>();
  return results.map((row) => row.channel);
}

/** Nothing of this channel is left. */
export async function finishPurge(db: Queries, channel: number): Promise<void> {
  await db.prepare("DELETE FROM purges WHERE channel = ?").bind(channel).run();
}

function fromRow(row: Row): ChannelRecord {
  return ChannelRecord.parse({
    number: row.number,
    id: row.id,
    name: row.name,
    epoch: row.epoch,
    public: row.public === 1,
    retentionDays: row.retention_days,
    mode: row.mode,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}
