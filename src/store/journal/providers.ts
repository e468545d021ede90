import { z } from "zod";

import { ProtocolId } from "../../event/ids.ts";
import { Mode } from "../../event/mode.ts";
import type { Json } from "../../lib/json.ts";
import { write } from "../object/write.ts";

/** A provider that a channel is linked to. `credentials` are sealed. Times in milliseconds. */
export interface ProviderRow {
  readonly id: string;
  readonly protocol: ProtocolId;
  readonly target: Json;
  readonly url: string | null;
  /** Null: as the channel. */
  readonly mode: Mode | null;
  readonly enabled: boolean;
  readonly credentials: string;
  /** How often they were replaced by others: sealed anew they are the same. */
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The state of its dialling, as JSON of the module that dials. */
  readonly dial: unknown;
  readonly seenAt: number | null;
  /** How far its sessions have got, in their own words; null for nowhere. */
  readonly place: string | null;
}

const Row = z.object({
  id: z.string(),
  protocol: ProtocolId,
  target: z.string(),
  url: z.string().nullable(),
  mode: Mode.nullable(),
  enabled: z.number(),
  credentials: z.string(),
  revision: z.int(),
  created_at: z.number(),
  updated_at: z.number(),
  dial: z.string(),
  seen_at: z.number().nullable(),
  place: z.string().nullable(),
});

export function putProvider(sql: SqlStorage, row: ProviderRow): void {
  write(
    sql,
    `INSERT OR REPLACE INTO providers
       (id, protocol, target, url, mode, enabled, credentials, revision, created_at, updated_at, dial,
        seen_at, place)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.protocol,
    JSON.stringify(row.target),
    row.url,
    row.mode,
    row.enabled ? 1 : 0,
    row.credentials,
    row.revision,
    row.createdAt,
    row.updatedAt,
    JSON.stringify(row.dial),
    row.seenAt,
    row.place,
  );
}

export function saveDial(sql: SqlStorage, id: string, dial: unknown): void {
  write(sql, "UPDATE providers SET dial = ? WHERE id = ?", JSON.stringify(dial), id);
}

/** Replaces credentials by what they were renewed to; false if they are others by now. */
export function replaceCredentials(
  sql: SqlStorage,
  id: string,
  revision: number,
  sealed: string,
): boolean {
  const query = `UPDATE providers SET credentials = ?, revision = revision + 1
                 WHERE id = ? AND revision = ?`;
  return write(sql, query, sealed, id, revision) > 0;
}

/** Puts the same credentials, sealed anew, in their place; false if they are others by now. */
export function putResealed(sql: SqlStorage, id: string, before: string, sealed: string): boolean {
  const query = "UPDATE providers SET credentials = ? WHERE id = ? AND credentials = ?";
  return write(sql, query, sealed, id, before) > 0;
}

/** The ids of providers with their sealed credentials alone. */
export function listSealed(sql: SqlStorage): { id: string; credentials: string }[] {
  return sql
    .exec<{ id: string; credentials: string }>("SELECT id, credentials FROM providers ORDER BY id")
    .toArray();
}

/** Keeps when a provider was last heard, and how far its sessions have got. */
export function saveSeen(
  sql: SqlStorage,
  { id, seenAt, place }: Pick<ProviderRow, "id" | "seenAt" | "place">,
): void {
  const query = "UPDATE providers SET seen_at = ?, place = ? WHERE id = ?";
  write(sql, query, seenAt, place, id);
}

export function dropProvider(sql: SqlStorage, id: string): void {
  write(sql, "DELETE FROM providers WHERE id = ?", id);
}

export function findProvider(sql: SqlStorage, id: string): ProviderRow | null {
  const [row] = sql.exec("SELECT * FROM providers WHERE id = ?", id).toArray();
  return row === undefined ? null : parseRow(row);
}

/** All of a channel's providers, in the order they were linked. */
export function listProviders(sql: SqlStorage): ProviderRow[] {
  return sql.exec("SELECT * FROM providers ORDER BY created_at, id").toArray().map(parseRow);
}

function parseRow(raw: unknown): ProviderRow {
  const row = Row.parse(raw);
  return {
    id: row.id,
    protocol: row.protocol,
    target: JSON.parse(row.target) as Json,
    url: row.url,
    mode: row.mode,
    enabled: row.enabled === 1,
    credentials: row.credentials,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    dial: JSON.parse(row.dial) as unknown,
    seenAt: row.seen_at,
    place: row.place,
  };
}
