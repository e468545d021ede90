import { Jurisdiction, type Location } from "../../event/location.ts";
import type { Binding } from "../../event/principal.ts";
import type { Queries } from "./queries.ts";

/** Somebody who is to be forgotten, and how far that is. Times in milliseconds since 1970. */
export interface PersonErasure {
  /** The SHA-256 of the person's key. */
  readonly digest: string;
  /** The person's key; null once it is done. */
  readonly person: string | null;
  readonly askedAt: number;
  /** The channels up to this id have been told; null once all have. */
  readonly reached: string | null;
  /** How many channels were told. */
  readonly told: number;
  /** How many of them are still at it. */
  readonly left: number;
  readonly doneAt: number | null;
}

/** One that is not done: whom it is about is known. */
export type OpenErasure = PersonErasure & { readonly person: string };

interface Row {
  digest: string;
  person: string | null;
  asked_at: number;
  reached: string | null;
  told: number;
  remaining: number;
  done_at: number | null;
}

const SELECT = `
  SELECT *, (SELECT count(*) FROM person_erasures_left AS open
             WHERE open.digest = person_erasures.digest) AS remaining
  FROM person_erasures`;

/** Writes down that somebody is to be forgotten. Asked for anew, it begins anew, as of then. */
export async function askErasure(
  db: D1Database,
  ask: { digest: string; person: string; askedBy: string; askedAt: number },
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO person_erasures (digest, person, asked_by, asked_at, reached, told, done_at)
       VALUES (?1, ?2, ?3, ?4, '', 0, NULL)
       ON CONFLICT (digest) DO UPDATE
       SET person = ?2, asked_by = ?3, asked_at = ?4, reached = '', told = 0, done_at = NULL`,
    )
    .bind(ask.digest, ask.person, ask.askedBy, ask.askedAt)
    .run();
}

export async function findErasureOf(db: Queries, digest: string): Promise<PersonErasure | null> {
  const row = await db.prepare(`${SELECT} WHERE digest = ?`).bind(digest).first<Row>();
  return row === null ? null : parseRow(row);
}

/** Those that are not done, the oldest first. */
export async function listOpenErasures(db: Queries, limit: number): Promise<OpenErasure[]> {
  const { results } = await db
    .prepare(`${SELECT} WHERE done_at IS NULL ORDER BY asked_at LIMIT ?`)
    .bind(limit)
    .all<Row>();
  return results.map(parseRow).filter((each): each is OpenErasure => each.person !== null);
}

/** A channel that is not done with it. */
export interface LeftChannel extends Readonly<Binding> {
  /** Its object has heard of it. */
  readonly isTold: boolean;
}

/** Channels that are not done with it, each with where its object is; also those that are going. */
export async function listLeft(
  db: Queries,
  digest: string,
  limit: number,
): Promise<(LeftChannel & Location)[]> {
  const { results } = await db
    .prepare(
      `SELECT open.channel, open.id, open.told,
              coalesce(channels.jurisdiction, purges.jurisdiction) AS jurisdiction
       FROM person_erasures_left AS open
       LEFT JOIN channels ON channels.number = open.channel
       LEFT JOIN purges ON purges.channel = open.channel
       WHERE open.digest = ? ORDER BY open.channel LIMIT ?`,
    )
    .bind(digest, limit)
    .all<{ channel: number; id: string; told: number; jurisdiction: string | null }>();
  return results.map(({ channel, id, told, jurisdiction }) => ({
    number: channel,
    id,
    isTold: told === 1,
    jurisdiction: Jurisdiction.nullable().parse(jurisdiction),
    // It has been reached, or was tried: a hint counts where an object is made.
    locationHint: null,
  }));
}

/** Notes which of the channels that were left are done, and which have been told at last. */
export async function settleLeft(
  db: D1Database,
  digest: string,
  { done, told }: { readonly done: readonly number[]; readonly told: readonly number[] },
): Promise<void> {
  await db.batch([
    db
      .prepare(
        `DELETE FROM person_erasures_left
         WHERE digest = ?1 AND channel IN (SELECT value FROM json_each(?2))`,
      )
      .bind(digest, JSON.stringify(done)),
    db
      .prepare(
        `UPDATE person_erasures_left SET told = 1
         WHERE digest = ?1 AND channel IN (SELECT value FROM json_each(?2))`,
      )
      .bind(digest, JSON.stringify(told)),
  ]);
}

/**
 * Notes in one piece which channels are at it from now on, or could not be told, and how far that
 * goes; unless it was asked for anew meanwhile. `reached`: null for to the end.
 */
export async function noteTold(
  db: D1Database,
  { digest, askedAt }: Pick<PersonErasure, "digest" | "askedAt">,
  channels: readonly LeftChannel[],
  reached: string | null,
): Promise<void> {
  const rows = channels.map(({ number, id, isTold }) => [number, id, isTold ? 1 : 0]);
  await db.batch([
    db
      .prepare(
        `INSERT INTO person_erasures_left (digest, channel, id, told)
         SELECT ?1, json_extract(value, '$[0]'), json_extract(value, '$[1]'),
                json_extract(value, '$[2]')
         FROM json_each(?2) WHERE true
         ON CONFLICT (digest, channel) DO UPDATE SET told = min(told, excluded.told)`,
      )
      .bind(digest, JSON.stringify(rows)),
    db
      .prepare(
        `UPDATE person_erasures SET reached = ?3, told = told + ?4
         WHERE digest = ?1 AND asked_at = ?2`,
      )
      .bind(digest, askedAt, reached, channels.length),
  ]);
}

/** It is done, unless it was asked for anew: of whom it was about only a digest is kept. */
export async function finishErasure(
  db: Queries,
  { digest, askedAt }: Pick<PersonErasure, "digest" | "askedAt">,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE person_erasures SET done_at = ?3, person = NULL
       WHERE digest = ?1 AND asked_at = ?2 AND reached IS NULL
         AND NOT EXISTS (SELECT 1 FROM person_erasures_left WHERE digest = ?1)`,
    )
    .bind(digest, askedAt, now)
    .run();
}

function parseRow(row: Row): PersonErasure {
  return {
    digest: row.digest,
    person: row.person,
    askedAt: row.asked_at,
    reached: row.reached,
    told: row.told,
    left: row.remaining,
    doneAt: row.done_at,
  };
}
