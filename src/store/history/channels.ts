import { z } from "zod";

import { ChannelId, Epoch } from "../../event/ids.ts";
import { Jurisdiction, LocationHint } from "../../event/location.ts";
import { Merge } from "../../event/merge.ts";
import { Mode } from "../../event/mode.ts";
import type { Binding } from "../../event/principal.ts";
import type { Queries } from "./queries.ts";

/** A channel as everyone knows it. Times in milliseconds since 1970. */
export const ChannelRecord = z.object({
  number: z.int(),
  id: ChannelId,
  name: z.string(),
  epoch: Epoch,
  public: z.boolean(),
  retentionDays: z.int(),
  mode: Mode,
  merge: Merge.default("exact"),
  jurisdiction: Jurisdiction.nullable().default(null),
  locationHint: LocationHint.nullable().default(null),
  /** The binding of the database that its history is in; see databases.ts. Never changed. */
  historyDatabase: z.string().default("DB"),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type ChannelRecord = z.infer<typeof ChannelRecord>;

/** A channel as its table has it. */
export interface ChannelRow {
  number: number;
  id: string;
  name: string;
  epoch: string;
  public: number;
  retention_days: number;
  mode: string;
  merge: string;
  jurisdiction: string | null;
  location_hint: string | null;
  history_database: string;
  created_at: number;
  updated_at: number;
}

/**
 * Adds a channel, unless this very request has before; null if its id is taken, or an earlier channel
 * of that id has not ended yet.
 */
export async function insertChannel(
  db: Queries,
  channel: Omit<ChannelRecord, "number">,
  request: string | null = null,
): Promise<ChannelRecord | null> {
  const row = await db
    .prepare(
      `INSERT INTO channels
         (id, name, epoch, public, retention_days, mode, created_at, updated_at, untold, request,
          jurisdiction, location_hint, merge, history_database)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?10, ?11, ?12, ?13
       WHERE NOT EXISTS (SELECT 1 FROM purges WHERE id = ?1 AND ended = 0)
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
      channel.jurisdiction,
      channel.locationHint,
      channel.merge,
      channel.historyDatabase,
    )
    .first<ChannelRow>();
  return row === null ? null : parseChannelRow(row);
}

export async function findChannel(db: Queries, id: string): Promise<ChannelRecord | null> {
  const row = await db.prepare("SELECT * FROM channels WHERE id = ?").bind(id).first<ChannelRow>();
  return row === null ? null : parseChannelRow(row);
}

// As it is written: a channel has one number, and that has no zeros before it.
const NUMBER = /^[1-9]\d{0,14}$/;

/**
 * The channel that a text names: by its id, else by its number. An id may be of digits alone: then
 * it comes first.
 */
export async function findChannelNamed(db: Queries, text: string): Promise<ChannelRecord | null> {
  const byId = await findChannel(db, text);
  if (byId !== null || !NUMBER.test(text)) return byId;
  return findChannelByNumber(db, Number(text));
}

export async function findChannelByNumber(
  db: Queries,
  number: number,
): Promise<ChannelRecord | null> {
  const row = await db
    .prepare("SELECT * FROM channels WHERE number = ?")
    .bind(number)
    .first<ChannelRow>();
  return row === null ? null : parseChannelRow(row);
}

/** The channels that are there of those named, each by its number. */
export async function findBound(
  db: Queries,
  bindings: readonly Binding[],
): Promise<ChannelRecord[]> {
  const { results } = await db
    .prepare("SELECT * FROM channels WHERE number IN (SELECT value FROM json_each(?))")
    .bind(JSON.stringify(bindings.map(({ number }) => number)))
    .all<ChannelRow>();
  return results.map(parseChannelRow);
}

/** The channels that are there of those named, each by its id. */
export async function findNamed(db: Queries, ids: readonly string[]): Promise<ChannelRecord[]> {
  const { results } = await db
    .prepare("SELECT * FROM channels WHERE id IN (SELECT value FROM json_each(?))")
    .bind(JSON.stringify(ids))
    .all<ChannelRow>();
  return results.map(parseChannelRow);
}

/** Channels after an id, in the order of their ids. */
export async function listChannels(
  db: Queries,
  { after, limit }: { after: string; limit: number },
): Promise<ChannelRecord[]> {
  const { results } = await db
    .prepare("SELECT * FROM channels WHERE id > ? ORDER BY id LIMIT ?")
    .bind(after, limit)
    .all<ChannelRow>();
  return results.map(parseChannelRow);
}

/** The channels after an id, in their order: of those named, or (null) of all. */
export async function listChannelsAmong(
  db: Queries,
  { after, limit, among }: { after: string; limit: number; among: readonly string[] | null },
): Promise<ChannelRecord[]> {
  const { results } = await db
    .prepare(
      among === null
        ? "SELECT * FROM channels WHERE id > ?1 ORDER BY id LIMIT ?2"
        : `SELECT * FROM channels WHERE id > ?1 AND id IN (SELECT value FROM json_each(?3))
           ORDER BY id LIMIT ?2`,
    )
    .bind(after, limit, ...(among === null ? [] : [JSON.stringify(among)]))
    .all<ChannelRow>();
  return results.map(parseChannelRow);
}

/** The jurisdictions that there are channels in; null stands for none. */
export async function listJurisdictions(db: Queries): Promise<(Jurisdiction | null)[]> {
  const { results } = await db
    .prepare("SELECT DISTINCT jurisdiction FROM channels WHERE jurisdiction IS NOT NULL")
    .all<{ jurisdiction: string }>();
  return [null, ...results.map(({ jurisdiction }) => Jurisdiction.parse(jurisdiction))];
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
      `UPDATE channels
       SET name = ?, public = ?, retention_days = ?, mode = ?, merge = ?, updated_at = ?,
           untold = 1
       WHERE number = ? AND updated_at = ? RETURNING *`,
    )
    .bind(
      channel.name,
      channel.public ? 1 : 0,
      channel.retentionDays,
      channel.mode,
      channel.merge,
      channel.updatedAt,
      channel.number,
      updatedAt,
    )
    .first<ChannelRow>();
  return row === null ? null : parseChannelRow(row);
}

/** The object of a channel has been told of it as it was at `updatedAt`. */
export async function markTold(
  db: Queries,
  { number, updatedAt }: Pick<ChannelRecord, "number" | "updatedAt">,
): Promise<void> {
  await db
    .prepare("UPDATE channels SET untold = 0 WHERE number = ? AND updated_at = ?")
    .bind(number, updatedAt)
    .run();
}

/** Channels whose objects have not been told of them as they are now. */
export async function listUntold(db: Queries, limit: number): Promise<ChannelRecord[]> {
  // In no order: whoever was left out is among the others the next time.
  const { results } = await db
    .prepare("SELECT * FROM channels WHERE untold = 1 ORDER BY random() LIMIT ?")
    .bind(limit)
    .all<ChannelRow>();
  return results.map(parseChannelRow);
}

/** Takes a channel away, and leaves a note that its object is to end and its events are to go. */
export async function deleteChannel(db: Queries, number: number, now: number): Promise<void> {
  await db.batch([
    db
      .prepare(
        `INSERT INTO purges (channel, created_at, id, jurisdiction, history_database)
         SELECT number, ?2, id, jurisdiction, history_database FROM channels WHERE number = ?1
         ON CONFLICT DO NOTHING`,
      )
      .bind(number, now),
    db.prepare("DELETE FROM overlay_keys WHERE channel = ?").bind(number),
    db.prepare("DELETE FROM reports WHERE channel = ?").bind(number),
    db.prepare("DELETE FROM hook_routes WHERE channel = ?").bind(number),
    db.prepare("DELETE FROM channels WHERE number = ?").bind(number),
  ]);
}

export function parseChannelRow(row: ChannelRow): ChannelRecord {
  return ChannelRecord.parse({
    ...row,
    public: row.public === 1,
    retentionDays: row.retention_days,
    locationHint: row.location_hint,
    historyDatabase: row.history_database,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}
