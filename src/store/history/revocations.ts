import { z } from "zod";

import { decodeJson } from "../../lib/json.ts";
import type { Queries } from "./queries.ts";

/*
 * Revocations that are still to be told to the objects that may hold sockets: written down with the
 * revocation itself, so that they are finished whatever ends in between.
 */

/** A revocation under way. */
export interface Revocation {
  readonly credential: string;
  /** The ids of the channels on which the credential could be used; null for all. */
  readonly channels: readonly string[] | null;
  /** The channels up to this id have been seen to; null before the hubs have been. */
  readonly reached: string | null;
}

/** An object that could not be told of a revocation. */
export interface Owed {
  readonly credential: string;
  readonly holder: string;
  readonly tries: number;
}

interface Row {
  credential: string;
  channels: string | null;
  reached: string | null;
}

/** The statement that writes down that a revocation is to be told; for the batch that revokes. */
export function noteRevocation(
  db: Queries,
  { credential, channels }: Pick<Revocation, "credential" | "channels">,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO revocations (credential, channels, reached, created_at) VALUES (?1, ?2, NULL, ?3)
       ON CONFLICT (credential) DO UPDATE SET reached = NULL`,
    )
    .bind(credential, channels === null ? null : JSON.stringify(channels), now);
}

/** Revocations under way, the oldest first. */
export async function listRevocations(db: Queries, limit: number): Promise<Revocation[]> {
  const { results } = await db
    .prepare("SELECT * FROM revocations ORDER BY created_at LIMIT ?")
    .bind(limit)
    .all<Row>();
  return results.map(({ credential, channels, reached }) => ({
    credential,
    channels: channels === null ? null : parseIds(channels),
    reached,
  }));
}

/**
 * Notes in one piece how far a revocation has got, and which objects on the way could not be told.
 * `reached`: null for to the end.
 */
export async function advanceRevocation(
  db: D1Database,
  { credential, reached }: { credential: string; reached: string | null },
  failed: readonly string[],
  dueAt: number,
): Promise<void> {
  await db.batch([
    db
      .prepare(
        `INSERT INTO revocations_owed (credential, holder, tries, due_at)
         SELECT ?1, value, 1, ?3 FROM json_each(?2) WHERE true
         ON CONFLICT (credential, holder) DO NOTHING`,
      )
      .bind(credential, JSON.stringify(failed), dueAt),
    reached === null
      ? db.prepare("DELETE FROM revocations WHERE credential = ?").bind(credential)
      : db
          .prepare("UPDATE revocations SET reached = ?2 WHERE credential = ?1")
          .bind(credential, reached),
  ]);
}

/** The objects that are to be told again by now. */
export async function listOwed(db: Queries, now: number, limit: number): Promise<Owed[]> {
  const { results } = await db
    .prepare(
      `SELECT credential, holder, tries FROM revocations_owed
       WHERE due_at <= ? ORDER BY due_at LIMIT ?`,
    )
    .bind(now, limit)
    .all<{ credential: string; holder: string; tries: number }>();
  return results;
}

/** Objects that have been told at last. */
export async function settleOwed(db: Queries, told: readonly Owed[]): Promise<void> {
  const pairs = told.map(({ credential, holder }) => [credential, holder]);
  await db
    .prepare(
      `DELETE FROM revocations_owed WHERE (credential, holder) IN
       (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))`,
    )
    .bind(JSON.stringify(pairs))
    .run();
}

/** Objects that still could not be told, each with when it is its turn again. */
export async function deferOwed(
  db: Queries,
  failed: readonly (Owed & { readonly dueAt: number })[],
): Promise<void> {
  const rows = failed.map(({ credential, holder, dueAt }) => [credential, holder, dueAt]);
  await db
    .prepare(
      `UPDATE revocations_owed SET tries = tries + 1, due_at = json_extract(value, '$[2]')
       FROM json_each(?)
       WHERE credential = json_extract(value, '$[0]') AND holder = json_extract(value, '$[1]')`,
    )
    .bind(JSON.stringify(rows))
    .run();
}

function parseIds(text: string): string[] {
  const read = decodeJson(z.array(z.string()), text);
  return read.ok ? read.value : [];
}
