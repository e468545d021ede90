import { Jurisdiction } from "../../event/location.ts";
import type { Queries } from "./queries.ts";

/** A channel that is gone, and of which something is still there. */
export interface Purge {
  readonly channel: number;
  /** The id that it had. */
  readonly id: string | null;
  readonly jurisdiction: Jurisdiction | null;
  /** The database that its history is in. */
  readonly historyDatabase: string;
  /** Its object has answered that nothing of the channel is left there. */
  readonly isEnded: boolean;
  /** When it did. */
  readonly endedAt: number;
}

interface Row {
  channel: number;
  id: string | null;
  jurisdiction: string | null;
  history_database: string;
  ended: number;
  ended_at: number | null;
}

/** Takes the purges that are due, first what has waited longest, and notes them as tried. */
export async function takePurges(db: Queries, now: number, limit: number): Promise<Purge[]> {
  const { results } = await db
    .prepare(
      `UPDATE purges SET tried_at = ?1 WHERE channel IN (
         SELECT channel FROM purges ORDER BY tried_at, created_at LIMIT ?2)
       RETURNING channel, id, jurisdiction, history_database, ended, ended_at`,
    )
    .bind(now, limit)
    .all<Row>();
  return results.map(parseRow);
}

/** Earlier channels of an id whose object has not answered yet that they are gone there. */
export async function listUnended(db: Queries, id: string): Promise<Purge[]> {
  const { results } = await db
    .prepare(
      `SELECT channel, id, jurisdiction, history_database, ended, ended_at FROM purges
       WHERE id = ? AND ended = 0 ORDER BY channel`,
    )
    .bind(id)
    .all<Row>();
  return results.map(parseRow);
}

/** The object has answered that nothing of the channel is left there. */
export async function markEnded(db: Queries, channel: number, now: number): Promise<void> {
  await db
    .prepare("UPDATE purges SET ended = 1, ended_at = ?2 WHERE channel = ?1")
    .bind(channel, now)
    .run();
}

/** Nothing of this channel is left, unless its object has still to answer. */
export async function finishPurge(db: Queries, channel: number): Promise<void> {
  await db.batch([
    // One that was being made while the channel went.
    db.prepare("DELETE FROM overlay_keys WHERE channel = ?").bind(channel),
    db.prepare("DELETE FROM purges WHERE channel = ? AND (ended = 1 OR id IS NULL)").bind(channel),
  ]);
}

function parseRow({ channel, id, ended, ...row }: Row): Purge {
  const isEnded = ended === 1 || id === null;
  const jurisdiction = Jurisdiction.nullable().parse(row.jurisdiction);
  const { history_database: historyDatabase, ended_at: endedAt } = row;
  return { channel, id, jurisdiction, historyDatabase, isEnded, endedAt: endedAt ?? 0 };
}
