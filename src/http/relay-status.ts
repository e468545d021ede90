import type { z } from "zod";

import { ChannelReport } from "../calls/report.ts";
import { computeBalance, findLedgerPlace } from "../event/ledger.ts";
import { DATABASE_MAX_BYTES } from "../event/trouble.ts";
import { decodeOwnJson } from "../lib/json.ts";
import { formatTime } from "../lib/time.ts";
import { countAlarms } from "../store/history/alarms.ts";
import { listHooks } from "../store/history/hook-keys.ts";
import { listLedger, type LedgerEntry } from "../store/history/ledger.ts";
import { readNote } from "../store/history/notes.ts";
import { listTroubled, listTroubles, sumReports } from "../store/history/reports.ts";
import { listRounds } from "../store/history/rounds.ts";
import type { OptionalEnv } from "./env.ts";
import { listOtherDatabases } from "./history-databases.ts";
import { isAlarmSet } from "./scheduled/alarms.ts";
import { CRON_NOTE, CronNote, HUBS_NOTE, HubsNote } from "./scheduled/notes.ts";
import { readTrouble } from "./scheduled/troubles.ts";
import type { RelayStatus } from "./schemas/relay-status.ts";

const SHOWN_MOST = 100;

type Reports = readonly { readonly channel: string; readonly report: ChannelReport }[];

/**
 * How the relay fares as a whole: by what its parts have reported to the cron, with a bounded number
 * of queries, and without asking any object.
 */
export async function viewRelay(
  env: Pick<Env, "DB"> & OptionalEnv,
  now: number,
): Promise<RelayStatus> {
  const db = env.DB.withSession();
  const sums = await sumReports(db);
  const { reports, bytes } = await listTroubled(db, SHOWN_MOST);
  const troubles = (await listTroubles(db, SHOWN_MOST)).flatMap(readTrouble);
  return {
    time: formatTime(now),
    database: { bytes, maxBytes: DATABASE_MAX_BYTES, share: bytes / DATABASE_MAX_BYTES },
    historyDatabases: (await listOtherDatabases(env, db)).map(({ name, bytes: size, isBound }) => ({
      binding: name,
      bytes: size,
      share: size === null ? null : size / DATABASE_MAX_BYTES,
      isBound,
    })),
    cron: viewCron(await readNote(db, CRON_NOTE, CronNote), await listRounds(db)),
    channels: {
      count: sums.channels,
      reported: sums.reported,
      oldestReportAt: sums.oldestReportAt === null ? null : formatTime(sums.oldestReportAt),
      sockets: sums.sockets,
    },
    ...viewReports(reports.flatMap(readReport), sums.maxLagMs),
    hubs: (await readNote(db, HUBS_NOTE, HubsNote)) ?? [],
    troubles: troubles.map(({ trouble, since }) => ({ ...trouble, since: formatTime(since) })),
    alarms: { enabled: isAlarmSet(env), waiting: await countAlarms(db) },
    hooks: (await listHooks(db)).map(({ protocol, refused, refused_at: at }) => ({
      protocol,
      refused,
      lastRefusedAt: at === null ? null : formatTime(at),
    })),
    quotas: (await listLedger(db, findLedgerPlace(now).day)).map((each) => viewQuota(each, now)),
  };
}

// So much of a digest tells accounts apart.
const SHOWN_OF_ACCOUNT = 12;

function viewQuota(entry: LedgerEntry, now: number): RelayStatus["quotas"][number] {
  const { account, bucket, allowance } = entry;
  const { used, limit, resetsAt, emptyAt } = computeBalance(
    { bucket, limit: allowance },
    entry,
    now,
  );
  return {
    account: account.slice(0, SHOWN_OF_ACCOUNT),
    bucket,
    used,
    limit,
    resetsAt: formatTime(resetsAt),
    emptyAt: emptyAt === null ? null : formatTime(emptyAt),
  };
}

function viewCron(
  note: z.infer<typeof CronNote> | null,
  rounds: RelayStatus["cron"]["rounds"],
): RelayStatus["cron"] {
  return {
    lastRunAt: note === null ? null : formatTime(note.at),
    tookMs: note === null ? null : Math.max(0, note.endedAt - note.at),
    failing: (note?.failing ?? []).map((each) => ({ ...each, since: formatTime(each.since) })),
    rounds,
  };
}

function viewReports(
  reports: Reports,
  maxLagMs: number,
): Pick<RelayStatus, "history" | "providers" | "webhooks"> {
  const list = (which: "disabled" | "failing") =>
    reports.flatMap(({ channel, report }) =>
      report.webhooks[which].map((webhook) => ({ channel, webhook })),
    );
  return {
    history: {
      maxLagMs,
      behind: reports
        .filter(({ report }) => report.historyLagMs > 0)
        .map(({ channel, report }) => ({
          channel,
          lagMs: report.historyLagMs,
          failures: report.historyFailures,
        })),
    },
    providers: {
      stopped: reports.flatMap(({ channel, report }) =>
        report.stopped.map((each) => ({ channel, ...each })),
      ),
    },
    webhooks: { disabled: list("disabled"), failing: list("failing") },
  };
}

/** A report as it is kept; none where it is of an older shape: the next is not. */
function readReport(kept: { readonly channel: string; readonly report: string }): Reports {
  const read = decodeOwnJson(ChannelReport, kept.report);
  return read.ok ? [{ channel: kept.channel, report: read.value }] : [];
}
