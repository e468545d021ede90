import type { Trouble } from "../../event/trouble.ts";
import type { Queries } from "./queries.ts";

/*
 * The reports of the parts of the relay, and what is wrong for now. The texts are JSON that the
 * relay wrote itself.
 */

/** A channel's report on its way in. */
export interface NewReport {
  /** The channel's number. */
  readonly channel: number;
  readonly isTroubled: boolean;
  readonly report: object;
}

/** Keeps what channels report, in one statement; nothing of a channel that is gone by now. */
export async function saveReports(
  db: Queries,
  reports: readonly NewReport[],
  now: number,
): Promise<void> {
  const rows = reports.map(({ channel, isTroubled, report }) => [channel, isTroubled, report]);
  await db
    .prepare(
      `INSERT INTO reports (channel, troubled, report, reported_at)
       SELECT value ->> 0, value ->> 1, value -> 2, ?2 FROM json_each(?1)
       WHERE EXISTS (SELECT 1 FROM channels WHERE number = value ->> 0)
       ON CONFLICT (channel) DO UPDATE
         SET troubled = excluded.troubled, report = excluded.report, reported_at = ?2`,
    )
    .bind(JSON.stringify(rows), now)
    .run();
}

/** A report as it is kept. */
export interface KeptReport {
  readonly channel: string;
  readonly report: string;
}

/** The reports in which something may be wrong, and how large the database is. */
export async function listTroubled(
  db: Queries,
  limit: number,
): Promise<{ reports: KeptReport[]; bytes: number }> {
  const { results, meta } = await db
    .prepare(
      `SELECT channels.id AS channel, report
       FROM reports JOIN channels ON channels.number = reports.channel
       WHERE troubled = 1 ORDER BY reports.channel LIMIT ?`,
    )
    .bind(limit)
    .all<KeptReport>();
  return { reports: results, bytes: meta.size_after };
}

/** All reports taken together. */
export interface ReportSums {
  readonly channels: number;
  readonly reported: number;
  readonly oldestReportAt: number | null;
  readonly sockets: number;
  readonly maxLagMs: number;
}

export async function sumReports(db: Queries): Promise<ReportSums> {
  const row = await db
    .prepare(
      `SELECT (SELECT count(*) FROM channels) AS channels, count(*) AS reported,
              min(reported_at) AS oldestReportAt,
              total(report ->> '$.sockets') AS sockets,
              coalesce(max(report ->> '$.historyLagMs'), 0) AS maxLagMs
       FROM reports`,
    )
    .first<ReportSums>();
  if (row === null) throw new Error("a sum has a row");
  return row;
}

/** A trouble as it is kept. */
export interface KeptTrouble {
  readonly key: string;
  readonly trouble: string;
  readonly since: number;
}

export async function listTroubles(db: Queries, limit: number): Promise<KeptTrouble[]> {
  const { results } = await db
    .prepare("SELECT * FROM troubles ORDER BY since, key LIMIT ?")
    .bind(limit)
    .all<KeptTrouble>();
  return results;
}

/** The changes since the last look, and the words in which it is to be told. */
export interface TroubleChange {
  readonly begun: readonly { key: string; trouble: Trouble; since: number }[];
  /** The keys of those that have ended. */
  readonly ended: readonly string[];
  readonly alarms: readonly string[];
}

/** Notes what has begun and what has ended, and what is to be told of it, in one piece. */
export async function noteTroubles(
  db: Queries,
  { begun, ended, alarms }: TroubleChange,
  now: number,
): Promise<void> {
  const rows = begun.map(({ key, trouble, since }) => [key, trouble, since]);
  await db.batch([
    db
      .prepare(
        `INSERT INTO troubles (key, trouble, since)
         SELECT value ->> 0, value -> 1, value ->> 2 FROM json_each(?) WHERE 1
         ON CONFLICT DO NOTHING`,
      )
      .bind(JSON.stringify(rows)),
    db
      .prepare("DELETE FROM troubles WHERE key IN (SELECT value FROM json_each(?))")
      .bind(JSON.stringify(ended)),
    db
      .prepare(
        `INSERT INTO alarms (body, tries, due_at, created_at)
         SELECT value, 0, ?2, ?2 FROM json_each(?1) WHERE 1`,
      )
      .bind(JSON.stringify(alarms), now),
  ]);
}
